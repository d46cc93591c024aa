import { crc32, deflateSync } from "node:zlib";

/** A photograph of nothing, 16 x 12 pixels. */
export const jpeg = Buffer.from(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAMABADASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAMEBf/EAB8QAAEDBAMBAAAAAAAAAAAAAAMBAhEABAUSMUFhwf/EABUBAQEAAAAAAAAAAAAAAAAAAAID/8QAGBEBAQEBAQAAAAAAAAAAAAAAAQIAESH/2gAMAwEAAhEDEQA/AKclkLoF8QYi6sbEJqi9J5WnjSvPYjIV2z3TKxHa0Gx9qcqkKLZ7uV2VPtOCJgBIMTdWN4SZog91ruGAD3f/2Q==",
  "base64",
);
/** The chunks that show a picture of 16 x 12 pixels in WebP, without their heads. */
const vp8 = Buffer.from(
  "kAIAnQEqEAAMAAQAaCWwAnR/A9kAlDRXedNlBAAA/uvB+1ePiBdVvVK7Rx25Kbtho4JqW0TQhO+/CNaZOQukiiPfyWQO63u3grGxrCoWjvv6uSu5X00ja5AAAAA=",
  "base64",
);
const vp8l = Buffer.from("Lw/AAgAPcJHuzzBfpHv+Qwtm2rZpN/6MJ/kchYj+B+x9AA==", "base64");

/** An image in PNG, of one colour that the seed says; `size` is how many bytes it is to have. */
export function makePng(width = 16, height = 12, options: { seed?: number; size?: number } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const row = Buffer.alloc(width + 1, (options.seed ?? 0) % 256);
  row[0] = 0;
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  const words = Buffer.from(`seed\0${options.seed ?? 0}`);
  const parts = [
    signature,
    pngChunk("IHDR", header),
    pngChunk("tEXt", words),
    pngChunk("IDAT", pixels),
    pngChunk("IEND", Buffer.alloc(0)),
  ];
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (options.size != null) parts.splice(3, 0, pngChunk("juNK", Buffer.alloc(options.size - length - 12)));
  return Buffer.concat(parts);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.byteLength);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([head, typed, check]);
}

/** A picture of 16 x 12 pixels in WebP: as it is, or on a canvas, or as the only frame of an animation. */
export function makeWebp(
  kind: "lossy" | "lossless" | "extended" | "animated",
  canvas = { width: 16, height: 12 },
): Buffer {
  if (kind === "lossy") return riff([riffChunk("VP8 ", vp8)]);
  if (kind === "lossless") return riff([riffChunk("VP8L", vp8l)]);
  const extended = riffChunk("VP8X", Buffer.from([0, 0, 0, 0, ...sides(canvas)]));
  if (kind === "extended") return riff([extended, riffChunk("VP8 ", vp8)]);
  const frame = Buffer.from([0, 0, 0, 0, 0, 0, ...sides({ width: 16, height: 12 }), 0, 0, 0, 0]);
  return riff([extended, riffChunk("ANMF", Buffer.concat([frame, riffChunk("VP8L", vp8l)]))]);
}

function sides({ width, height }: { width: number; height: number }): number[] {
  return [width - 1, height - 1].flatMap((side) => [side & 255, (side >> 8) & 255, side >> 16]);
}

function riff(chunks: Buffer[]): Buffer {
  return riffChunk("RIFF", Buffer.concat([Buffer.from("WEBP"), ...chunks]));
}

function riffChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.byteLength);
  return Buffer.concat([Buffer.from(type), length, data, Buffer.alloc(data.byteLength % 2)]);
}
