import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { providerNames } from "../accounts/providers.ts";
import { type NoteKind, seal, unseal } from "../accounts/sealed.ts";
import type { Context } from "./context.ts";

const name = z.enum(providerNames);
const next = z.string().max(2000).optional();
const invite = z.string().max(100).optional();

/** A sign-in at a provider that a browser has begun. */
export const flowNote = {
  name: "oauth",
  lifetime: 10 * 60,
  content: z.object({
    provider: name,
    state: z.string(),
    verifier: z.string(),
    /** The id of the user to whom the account there is to be linked. */
    link: z.number().optional(),
    next,
    invite,
  }),
} as const satisfies NoteKind<z.ZodType>;

/** An account elsewhere whose owner a browser is, and which no user here has linked yet. */
export const identityNote = {
  name: "identity",
  lifetime: 30 * 60,
  content: z.object({
    identity: z.object({ provider: name, subject: z.string(), label: z.string() }),
    next,
    invite,
  }),
} as const satisfies NoteKind<z.ZodType>;

/** Gives a browser a note to keep. */
export async function setNote<T extends z.ZodType>(
  c: Context,
  kind: NoteKind<T>,
  content: z.output<T>,
): Promise<void> {
  const text = await seal(c.get("web"), kind, content);
  setCookie(c, cookieName(c, kind), text, { ...cookieOptions(c), maxAge: kind.lifetime });
}

/** The note that a browser keeps; `undefined` where it has none that is good. */
export async function readNote<T extends z.ZodType>(
  c: Context,
  kind: NoteKind<T>,
): Promise<z.output<T> | undefined> {
  const text = getCookie(c, cookieName(c, kind));
  return text == null ? undefined : await unseal(c.get("web"), kind, text);
}

/** Takes the note back. */
export function deleteNote<T extends z.ZodType>(c: Context, kind: NoteKind<T>): void {
  deleteCookie(c, cookieName(c, kind), cookieOptions(c));
}

/** Browsers take the prefix `__Host-` over https only. */
function cookieName<T extends z.ZodType>(c: Context, kind: NoteKind<T>): string {
  return isSecure(c) ? `__Host-${kind.name}` : kind.name;
}

function cookieOptions(c: Context) {
  return { path: "/", httpOnly: true, secure: isSecure(c), sameSite: "Lax" } as const;
}

function isSecure(c: Context): boolean {
  return c.get("web").origin.startsWith("https:");
}
