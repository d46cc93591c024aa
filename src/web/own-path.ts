/** Where to go after signing in: a path of this server, whatever was asked for. */
export function toOwnPath(next: string | undefined): string {
  return next != null && /^\/(?![/\\])[\w\-./?=&%~+]*$/.test(next) ? next : "/";
}
