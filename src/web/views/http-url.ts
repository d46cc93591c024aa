/**
 * The URL as it may stand in a link or a media element: http(s), without a user's name or password in it. Every URL
 * that somebody typed or another server sent goes through here; `undefined` means that it is shown as text, or not.
 */
export function httpUrl(value: string | null | undefined): string | undefined {
  if (value == null || !URL.canParse(value)) return undefined;
  const { protocol, username, password, href } = new URL(value);
  const allowed = (protocol === "https:" || protocol === "http:") && username === "" && password === "";
  return allowed ? href : undefined;
}
