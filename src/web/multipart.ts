import { readBody } from "../core/read-body.ts";
import type { Context } from "./context.ts";
import { readForm } from "./input.ts";
import { Problem } from "./problem.ts";

/** A file that a form has sent. */
export interface SentFile {
  readonly bytes: Uint8Array;
  /** The media type that the browser takes it for; `undefined` where it has no idea. */
  readonly type: string | undefined;
}

/** What a form has sent: the last value of each name. */
export interface SentForm {
  readonly values: Record<string, string>;
  readonly files: ReadonlyMap<string, SentFile>;
}

/** The fields of a form beside its files, in bytes. */
const maxFields = 256 * 1024;

/**
 * Reads a form that may carry files, of so many bytes together, into memory. A form without files may come URL-encoded,
 * and a file that was not chosen is none.
 */
export async function readMultipart(c: Context, limits: { readonly files: number }): Promise<SentForm> {
  const header = c.req.header("content-type") ?? "";
  const type = header.split(";")[0]?.trim().toLowerCase();
  if (type === "application/x-www-form-urlencoded") return { values: await readForm(c), files: new Map() };
  if (type !== "multipart/form-data") {
    throw new Problem(
      415,
      "The body must be sent as multipart/form-data or application/x-www-form-urlencoded.",
    );
  }
  const body = await readBody(c.req.raw.body, {
    bytes: limits.files + maxFields,
    time: c.get("web").uploadTime,
  });
  if (body.type === "too_large") {
    const most = limits.files / (1024 * 1024);
    const detail = `The file must have at most ${most} MiB, and the rest of the form 256 KiB.`;
    // What was not read still lies on the connection.
    throw new Problem(413, detail, { headers: { Connection: "close" } });
  }
  if (body.type === "too_slow") throw new Problem(408, "The form did not arrive in time.");
  const form = await parse(body.bytes, header);
  const values: Record<string, string> = {};
  const files = new Map<string, SentFile>();
  for (const [name, value] of form) {
    if (typeof value === "string") values[name] = value;
    else if (value.name !== "" || value.size > 0) files.set(name, await toSentFile(value));
  }
  return { values, files };
}

async function parse(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { "Content-Type": type } }).formData();
  } catch {
    throw new Problem(400, "The body must be well-formed multipart/form-data.");
  }
}

async function toSentFile(file: File): Promise<SentFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { bytes, type: toDeclaredType(file.type) };
}

/** The media type that a sender states; "some bytes" states nothing. */
export function toDeclaredType(header: string | undefined): string | undefined {
  const type = header?.split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "" || type === "application/octet-stream" ? undefined : type;
}
