import type { ImageSize } from "./image-size.ts";

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;

/** Baseline, extended and progressive frames: what browsers show. */
const shownFrames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

export function isJpeg(view: DataView): boolean {
  return view.byteLength >= 3 && view.getUint16(0) === 0xff00 + startOfImage && view.getUint8(2) === 0xff;
}

/**
 * The size of a JPEG image that is there to its end; `undefined` where it isn't, or where browsers don't show its kind
 * (ITU T.81, annex B).
 */
export function readJpeg(view: DataView): ImageSize | undefined {
  let size: ImageSize | undefined;
  let scanned = false;
  let at = 2;
  while (at + 4 <= view.byteLength || isEnd(view, at)) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === endOfImage) return scanned ? size : undefined;
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > view.byteLength) return undefined;
    if (isFrame(marker)) {
      // A second frame is of the hierarchical kind; a height of 0 is told behind the first scan.
      if (size != null || length < 8 || !shownFrames.has(marker)) return undefined;
      size = { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += 2 + length;
    if (marker === startOfScan) {
      scanned = true;
      at = skipScan(view, at);
    }
  }
  return undefined;
}

/** A marker of two bytes ends the file, without the length that others have. */
function isEnd(view: DataView, at: number): boolean {
  return at + 2 <= view.byteLength && view.getUint16(at) === 0xff00 + endOfImage;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Where the compressed data ends: at the next marker that is neither a stuffed byte nor a restart. */
function skipScan(view: DataView, start: number): number {
  let at = start;
  while (at + 1 < view.byteLength) {
    const next = view.getUint8(at + 1);
    const inside = view.getUint8(at) !== 0xff || next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!inside) return at;
    at += 1;
  }
  return view.byteLength;
}
