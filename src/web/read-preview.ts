import { maxPreviewBytes } from "../core/preview.ts";
import { readBody } from "../core/read-body.ts";
import type { OverQuota } from "../registry/keep-image.ts";
import { checkPreview, type PreviewImage } from "../registry/preview-image.ts";
import type { Context } from "./context.ts";
import { type SentFile, toDeclaredType } from "./multipart.ts";
import { Problem } from "./problem.ts";

const statuses = { too_large: 413, unsupported: 415, invalid: 422 } as const;

/** The image that is a request's whole body. */
export async function readPreviewBody(c: Context): Promise<PreviewImage> {
  const body = await readBody(c.req.raw.body, { bytes: maxPreviewBytes, time: c.get("web").uploadTime });
  if (body.type === "too_large") {
    // What was not read still lies on the connection.
    throw describe(413, "must have at most 1 MiB", { Connection: "close" });
  }
  if (body.type === "too_slow") throw new Problem(408, "The preview did not arrive in time.");
  return requirePreview({ bytes: body.bytes, type: toDeclaredType(c.req.header("content-type")) });
}

/** A file as an image that may be kept; a problem of the field `preview` where it is none. */
export function requirePreview({ bytes, type }: SentFile): PreviewImage {
  const checked = checkPreview(bytes, type);
  if (checked.type === "image") return checked.image;
  throw describe(statuses[checked.type], checked.reason);
}

export function describeOverQuota({ quota }: OverQuota): Problem {
  const most = quota / (1024 * 1024);
  return describe(422, `takes more than the ${most.toLocaleString("en")} MiB that are kept for you`);
}

function describe(status: number, message: string, headers: Record<string, string> = {}): Problem {
  const errors = [{ field: "preview", message }];
  return new Problem(status, `The preview ${message}.`, { errors, headers });
}
