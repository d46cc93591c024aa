import { readBody } from "../core/read-body.ts";
import type { Context } from "./context.ts";
import { Problem } from "./problem.ts";

const maxUpload = 1024 * 1024;

/** The text of a CSV file: the body itself, as programs send it, or the field `file` of a page's form. */
export async function readCsvUpload(c: Context): Promise<string> {
  const header = c.req.header("content-type") ?? "";
  const type = header.split(";")[0]?.trim().toLowerCase();
  if (type !== "text/csv" && type !== "multipart/form-data")
    throw new Problem(415, "The body must be sent as text/csv or multipart/form-data.");
  const body = await readBody(c.req.raw.body, { bytes: maxUpload, time: c.get("web").uploadTime });
  if (body.type === "too_large") throw new Problem(413, "The file must have at most 1 MiB.");
  if (body.type === "too_slow") throw new Problem(408, "The file did not arrive in time.");
  return decode(type === "text/csv" ? body.bytes : await readFileField(body.bytes, header));
}

async function readFileField(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Uint8Array> {
  const response = new Response(bytes, { headers: { "Content-Type": type } });
  const form = await response.formData().catch(() => undefined);
  const file = form?.get("file");
  if (!(file instanceof File)) throw new Problem(400, "The form must carry a file, named file.");
  return new Uint8Array(await file.arrayBuffer());
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(400, "The file must be text in UTF-8.");
  }
}
