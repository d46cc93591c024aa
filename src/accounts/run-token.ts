import type { UserRow } from "../db/schema.ts";
import { findAttachment } from "../db/user-renderers.ts";
import { issueRendererToken, type RendererTokenContext } from "./renderer-tokens.ts";

const minute = 60_000;

/** What tells a renderer whose run is asked for, for a minute; `undefined` where the user is not attached to it. */
export async function issueRunToken(
  context: RendererTokenContext,
  user: UserRow,
  l1Server: string,
): Promise<string | undefined> {
  if ((await findAttachment(context.db, user.id, l1Server)) == null) return undefined;
  const grant = { l1Server, scopes: ["renderer"], lifetime: minute } as const;
  return (await issueRendererToken(context, user, grant)).token;
}
