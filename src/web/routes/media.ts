import type { FileHandle } from "node:fs/promises";
import { Hono } from "hono";
import { getLogger } from "@logtape/logtape";
import { findMedia, type MediaRow } from "../../db/media.ts";
import { type ByteRange, readRange } from "../byte-range.ts";
import type { Context, WebEnv } from "../context.ts";
import { Problem } from "../problem.ts";

const logger = getLogger(["artdag", "web", "media"]);

/** Bytes that are read from the disk at once. */
const piece = 64 * 1024;

/** The images that are kept here: what stands at a hash never changes, and is nothing but an image. */
export const mediaRoutes = new Hono<WebEnv>().get("/media/:hash", async (c) => {
  const hash = c.req.param("hash");
  const media = /^[0-9a-f]{64}$/.test(hash) ? await findMedia(c.get("web").db, hash) : undefined;
  if (media == null) throw new Problem(404, "There is no image of that hash.");
  const tag = `"${hash}"`;
  const headers = {
    "Cache-Control": "public, max-age=31536000, immutable",
    ETag: tag,
    "Accept-Ranges": "bytes",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
  };
  if (isKnown(c.req.header("if-none-match"), tag)) return c.body(null, 304, headers);
  const range = findRange(c, media, tag);
  if (range.type === "unsatisfiable") {
    throw new Problem(416, `The image has ${media.bytes} bytes.`, {
      headers: { "Content-Range": `bytes */${media.bytes}` },
    });
  }
  const [start, end] = range.type === "part" ? [range.start, range.end] : [0, media.bytes - 1];
  const body = await openBody(c, media, start, end);
  return new Response(body, {
    status: range.type === "part" ? 206 : 200,
    headers: {
      ...headers,
      "Content-Type": media.media_type,
      "Content-Length": String(end - start + 1),
      ...(range.type === "part" ? { "Content-Range": `bytes ${start}-${end}/${media.bytes}` } : {}),
    },
  });
});

/** Whether the client has what it asks for (RFC 9110, section 13.1.2). */
function isKnown(header: string | undefined, tag: string): boolean {
  const tags = new Set((header ?? "").split(",").map((item) => item.trim().replace(/^W\//, "")));
  return tags.has(tag) || tags.has("*");
}

/** The part that is asked for; the whole where the client has parts of something else (RFC 9110, section 13.1.5). */
function findRange(c: Context, media: MediaRow, tag: string): ByteRange {
  const condition = c.req.header("if-range");
  const applies = c.req.method === "GET" && (condition == null || condition === tag);
  return applies ? readRange(c.req.header("range"), media.bytes) : { type: "whole" };
}

async function openBody(
  c: Context,
  { hash }: MediaRow,
  start: number,
  end: number,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null> {
  const file = await c.get("web").registry.mediaFiles.open(hash);
  if (file == null) {
    logger.error("The image {hash} is noted, and its file is not there.", { hash });
    throw new Problem(404, "There is no image of that hash.");
  }
  if (c.req.method === "GET") return toStream(file, start, end);
  // Nobody would read it, and so close the file.
  await file.close();
  return null;
}

/** The bytes of a file from `start` up to and including `end`, read as they are wanted. */
function toStream(file: FileHandle, start: number, end: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = start;
  return new ReadableStream({
    async pull(controller) {
      const bytes = new Uint8Array(Math.min(piece, end + 1 - at));
      const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, at);
      at += bytesRead;
      if (bytesRead > 0) controller.enqueue(bytes.subarray(0, bytesRead));
      if (bytesRead > 0 && at <= end) return;
      await file.close();
      controller.close();
    },
    cancel: () => file.close(),
  });
}
