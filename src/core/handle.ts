/** A fediverse handle, as in `@username@host`. The host may carry a port. */
export interface Handle {
  readonly username: string;
  readonly host: string;
}

/** Reads `@user@host`, `user@host` or `acct:user@host`; gives `undefined` for anything else. */
export function parseHandle(text: string): Handle | undefined {
  const match = /^(?:acct:)?@?([^@\s/?#:]{1,200})@([^@\s/?#\\]{1,255})$/.exec(text.trim());
  if (match?.[1] == null || match[2] == null || !URL.canParse(`https://${match[2]}/`)) return undefined;
  return { username: match[1], host: new URL(`https://${match[2]}/`).host };
}

/** The handle as people write it. */
export function formatHandle({ username, host }: Handle): string {
  return `@${username}@${host}`;
}
