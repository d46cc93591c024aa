/** Names that would be taken for the server itself, or for one of its pages. */
const reserved = new Set(
  `about abuse account accounts activities activity actor actors admin administrator api app artdag asset assets
   auth blog contact docs everyone export favicon feed federation followers following followings guest healthz help
   home inbox info instance l1 l2 legal log login logout mail me media metrics moderator new news nobody nodeinfo
   note notes null oauth object objects official openapi outbox owner postmaster privacy public readyz register
   renderer renderers robots root search security server settings sharedinbox signin signout signup static status
   support sysadmin system terms undefined user users verify webfinger webmaster www`.split(/\s+/),
);

/** The form in which a username is stored and compared. */
export function foldUsername(text: string): string {
  return text.toLowerCase();
}

/** Whether the text has the form of a (folded) username. */
export function isUsername(text: string): boolean {
  return /^[a-z0-9_]{1,30}$/.test(text);
}

/** What is wrong with a username (already folded), as a sentence for the user; `undefined` when nothing is. */
export function findUsernameProblem(username: string): string | undefined {
  if (!isUsername(username)) return "must be 1 to 30 letters a-z, digits or _";
  if (reserved.has(username)) return "is reserved";
  return undefined;
}
