import { encode } from "blurhash";

/** A small picture of a work, as a file that can be sent with a form. */
export interface Preview {
  readonly file: File;
  readonly blurhash: string;
}

/** The longest side in pixels, and the size in bytes, that a server takes. */
const limits = { side: 1600, bytes: 1024 * 1024 };

type Picture = HTMLImageElement | HTMLVideoElement;

/** Draws a picture small enough to be sent: WebP, or JPEG where the browser makes none; `undefined` where it can't. */
export async function makePreview(picture: Picture): Promise<Preview | undefined> {
  for (let side = limits.side; side >= 200; side /= 2) {
    const canvas = draw(picture, side);
    for (const quality of [0.85, 0.7, 0.5]) {
      const blob = await encodePicture(canvas, quality);
      if (blob == null) return undefined;
      if (blob.size > limits.bytes) continue;
      const name = blob.type === "image/webp" ? "preview.webp" : "preview.jpg";
      return { file: new File([blob], name, { type: blob.type }), blurhash: blur(picture) };
    }
  }
  return undefined;
}

async function encodePicture(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  const webp = await toBlob(canvas, "image/webp", quality);
  return webp?.type === "image/webp" ? webp : await toBlob(canvas, "image/jpeg", quality);
}

function toBlob(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}

function blur(picture: Picture): string {
  const canvas = draw(picture, 32);
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
  return pixels == null ? "" : encode(pixels.data, pixels.width, pixels.height, 4, 3);
}

/** Draws the picture so that no side is longer than that; it is never made larger. */
function draw(picture: Picture, side: number): HTMLCanvasElement {
  const width = picture instanceof HTMLImageElement ? picture.naturalWidth : picture.videoWidth;
  const height = picture instanceof HTMLImageElement ? picture.naturalHeight : picture.videoHeight;
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
