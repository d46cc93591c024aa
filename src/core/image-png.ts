import type { ImageSize } from "./image-size.ts";

const header = 0x49484452;
const data = 0x49444154;
const end = 0x49454e44;

export function isPng(view: DataView): boolean {
  return view.byteLength >= 8 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a;
}

/** The size of a PNG image whose chunks are all there; `undefined` where some are not (PNG 3, section 5). */
export function readPng(view: DataView): ImageSize | undefined {
  let size: ImageSize | undefined;
  let pictured = false;
  let at = 8;
  while (at + 12 <= view.byteLength) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const next = at + 12 + length;
    if (next > view.byteLength || (type === header) !== (at === 8)) return undefined;
    if (type === header) {
      if (length !== 13) return undefined;
      size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    }
    if (type === data) pictured = true;
    if (type === end) return pictured ? size : undefined;
    at = next;
  }
  return undefined;
}
