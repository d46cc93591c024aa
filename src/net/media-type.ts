const activityStreams = "https://www.w3.org/ns/activitystreams";

/** The `Accept` header that asks for ActivityPub documents. */
export const activityAccept = `application/activity+json, application/ld+json; profile="${activityStreams}"`;

/** The type of a `Content-Type`, lower-case and without parameters; empty when there is none. */
export function essence(contentType: string | null): string {
  return (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/**
 * Whether a media type is ActivityPub's: `application/activity+json`, or `application/ld+json` whose profile is
 * ActivityStreams' or missing.
 */
export function isActivityType(contentType: string | null): boolean {
  const type = essence(contentType);
  if (type === "application/activity+json") return true;
  if (type !== "application/ld+json") return false;
  const profiles = findProfiles(contentType ?? "");
  return profiles == null || profiles.includes(activityStreams);
}

function findProfiles(contentType: string): string[] | undefined {
  for (const parameter of contentType.split(";").slice(1)) {
    const [name = "", value = ""] = parameter.split("=", 2);
    if (name.trim().toLowerCase() === "profile") return value.trim().replace(/^"|"$/g, "").split(/\s+/u);
  }
  return undefined;
}
