import { parseHandle } from "../core/handle.ts";
import { parseActorUrl, type Paths } from "../core/paths.ts";
import { foldUsername } from "../core/username.ts";

/**
 * Whether a renderer means the user by one of those names: `giles`, `@giles@host`, `acct:giles@host` or the actor's
 * URL. A renderer that names nobody means everybody.
 */
export function isOwner(paths: Paths, username: string, owners: readonly string[]): boolean {
  return owners.length === 0 || owners.some((owner) => readUsername(paths, owner.trim()) === username);
}

function readUsername(paths: Paths, text: string): string | undefined {
  const handle = parseHandle(text);
  if (handle != null) return handle.host === paths.host ? foldUsername(handle.username) : undefined;
  const url = URL.parse(text);
  return url == null ? foldUsername(text) : parseActorUrl(paths, url.href);
}
