import type { Profile } from "../db/profiles.ts";

/** How many lines of a profile the form has. */
export const fieldCount = 8;

/** A profile as the form's values. */
export function toFormValues(profile: Profile): Record<string, string> {
  const lines = profile.fields.flatMap(({ name, value }, at) => [
    [`field${at + 1}_name`, name],
    [`field${at + 1}_value`, value],
  ]);
  return {
    name: profile.name ?? "",
    summary: profile.summary ?? "",
    icon_url: profile.icon_url ?? "",
    image_url: profile.image_url ?? "",
    also_known_as: profile.also_known_as.join("\n"),
    moved_to: profile.moved_to ?? "",
    ...(Object.fromEntries(lines) as Record<string, string>),
  };
}

/** The form's values as `PATCH /users/{username}` takes them: the whole profile, without the blank lines. */
export function toProfileInput(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const { name, summary, icon_url, image_url, also_known_as: others = "", moved_to } = values;
  const fields = Array.from({ length: fieldCount }, (_, at) => ({
    name: values[`field${at + 1}_name`] ?? "",
    value: values[`field${at + 1}_value`] ?? "",
  }));
  return {
    name,
    summary,
    icon_url,
    image_url,
    moved_to,
    also_known_as: others.split(/\s+/).filter((other) => other !== ""),
    fields: fields.filter((field) => field.name.trim() !== "" || field.value.trim() !== ""),
  };
}
