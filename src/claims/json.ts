import canonicalize from "canonicalize";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * RFC 8785 (JCS): the one form of a JSON value over which hashes and signatures are made. Throws for a number that
 * JSON can't hold, such as the `Infinity` as which `1e400` is parsed.
 */
export function toCanonicalText(value: Json): string {
  return canonicalize(value) ?? "null";
}

/** The canonical form in UTF-8. Throws like {@link toCanonicalText}. */
export function canonicalBytes(value: Json): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(toCanonicalText(value));
}

/**
 * The text under which a document is stored, served and delivered for ever. It is a fixed point of
 * `JSON.parse` and `JSON.stringify`, so that a library which does both changes no byte of it.
 */
export function toStoredText(document: JsonObject): string {
  return JSON.stringify(JSON.parse(JSON.stringify(document)));
}

/** The value as a JSON object; `undefined` for any other JSON value. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value != null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** A copy without the entries whose value is `undefined`. */
export function compact(entries: { readonly [key: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}
