import { jwtVerify, SignJWT } from "jose";
import type { z } from "zod";

/** A kind of note that a browser keeps for this server, which nobody else can write. */
export interface NoteKind<T extends z.ZodType> {
  /** Tells one kind from another, and all of them from the tokens of sessions. */
  readonly name: string;
  readonly content: T;
  /** For how long it is good, in seconds. */
  readonly lifetime: number;
}

/** What seals are made and checked with. */
export interface SealContext {
  readonly origin: string;
  readonly jwtSecret: Uint8Array;
}

/** A note as text: signed (JWT, HS256), readable for its keeper. */
export function seal<T extends z.ZodType>(
  { origin, jwtSecret }: SealContext,
  kind: NoteKind<T>,
  content: z.output<T>,
): Promise<string> {
  return new SignJWT({ content })
    .setProtectedHeader({ alg: "HS256", typ: `${kind.name}+jwt` })
    .setIssuer(origin)
    .setAudience(`${origin}#${kind.name}`)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + kind.lifetime)
    .sign(jwtSecret);
}

/** What a note says; `undefined` where it is none of that kind of this server, or too old. */
export async function unseal<T extends z.ZodType>(
  { origin, jwtSecret }: SealContext,
  kind: NoteKind<T>,
  text: string,
): Promise<z.output<T> | undefined> {
  try {
    const { payload } = await jwtVerify(text, jwtSecret, {
      algorithms: ["HS256"],
      typ: `${kind.name}+jwt`,
      issuer: origin,
      audience: `${origin}#${kind.name}`,
      requiredClaims: ["exp"],
    });
    return kind.content.safeParse(payload["content"]).data;
  } catch {
    return undefined;
  }
}
