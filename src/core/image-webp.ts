import { type ImageSize, isSameSize } from "./image-size.ts";

interface Chunk {
  readonly type: string;
  readonly data: DataView;
}

export function isWebp(view: DataView): boolean {
  return view.byteLength >= 12 && readType(view, 0) === "RIFF" && readType(view, 8) === "WEBP";
}

/**
 * The size of a WebP image whose chunks are all there, and whose pictures have the size that its canvas has, or lie
 * inside it; `undefined` for any other (RFC 9649).
 */
export function readWebp(view: DataView): ImageSize | undefined {
  const end = 8 + view.getUint32(4, true);
  if (end > view.byteLength || end < 12) return undefined;
  const chunks = listChunks(slice(view, 12, end));
  const first = chunks?.[0];
  if (chunks == null || first == null) return undefined;
  if (first.type !== "VP8X") return readPicture(first);
  if (first.data.byteLength < 10) return undefined;
  const canvas = { width: readUint24(first.data, 4) + 1, height: readUint24(first.data, 7) + 1 };
  const pictures = chunks.filter(({ type }) => type === "VP8 " || type === "VP8L" || type === "ANMF");
  const fits = pictures.every((chunk) =>
    chunk.type === "ANMF" ? isFrameInside(chunk.data, canvas) : isSameSize(readPicture(chunk), canvas),
  );
  return pictures.length > 0 && fits ? canvas : undefined;
}

function readPicture({ type, data }: Chunk): ImageSize | undefined {
  if (type === "VP8 ") return readLossy(data);
  return type === "VP8L" ? readLossless(data) : undefined;
}

function readLossy(data: DataView): ImageSize | undefined {
  const isKeyFrame = data.byteLength >= 10 && (data.getUint8(0) & 1) === 0;
  // The start code, big-endian: 9d 01 2a.
  if (!isKeyFrame || (data.getUint32(2) & 0xffffff) !== 0x9d012a) return undefined;
  return { width: data.getUint16(6, true) & 0x3fff, height: data.getUint16(8, true) & 0x3fff };
}

function readLossless(data: DataView): ImageSize | undefined {
  if (data.byteLength < 5 || data.getUint8(0) !== 0x2f) return undefined;
  const bits = data.getUint32(1, true);
  // The version, which is 0.
  if (bits >>> 29 !== 0) return undefined;
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Whether a frame of an animation lies inside the canvas, and its picture is as large as the frame. */
function isFrameInside(data: DataView, canvas: ImageSize): boolean {
  if (data.byteLength < 16) return false;
  const left = readUint24(data, 0) * 2;
  const top = readUint24(data, 3) * 2;
  const size = { width: readUint24(data, 6) + 1, height: readUint24(data, 9) + 1 };
  if (left + size.width > canvas.width || top + size.height > canvas.height) return false;
  const picture = listChunks(slice(data, 16, data.byteLength))?.find(({ type }) => type.startsWith("VP8"));
  return picture != null && isSameSize(readPicture(picture), size);
}

/** The chunks that follow one another; `undefined` where the last one is not all there. */
function listChunks(view: DataView): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at + 8 <= view.byteLength) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length;
    if (end > view.byteLength) return undefined;
    chunks.push({ type: readType(view, at), data: slice(view, at + 8, end) });
    at = end + (length % 2);
  }
  return chunks;
}

function slice(view: DataView, start: number, end: number): DataView {
  return new DataView(view.buffer, view.byteOffset + start, end - start);
}

function readType(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
}

function readUint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
}
