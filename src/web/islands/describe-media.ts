/** What a browser can tell of a media file. */
export interface MediaFacts {
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
  /** The image, or a frame of the video. */
  readonly picture?: HTMLImageElement | HTMLVideoElement;
}

/** How long a browser may take to open a file, in milliseconds. */
const patience = 15_000;

/** Measures a file. What this browser cannot show has no facts; nothing is thrown. Call `release` in the end. */
export async function describeMedia(file: File): Promise<{ facts: MediaFacts; release: () => void }> {
  const url = URL.createObjectURL(file);
  const release = () => URL.revokeObjectURL(url);
  const kind = file.type.split("/")[0];
  const facts = await measure(kind, url).catch(() => ({}));
  return { facts, release };
}

async function measure(kind: string | undefined, url: string): Promise<MediaFacts> {
  if (kind === "image") return await measureImage(url);
  if (kind === "video") return await measureVideo(url);
  return kind === "audio" ? await measureAudio(url) : {};
}

async function measureImage(url: string): Promise<MediaFacts> {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  return { width: picture.naturalWidth, height: picture.naturalHeight, picture };
}

async function measureAudio(url: string): Promise<MediaFacts> {
  const audio = new Audio();
  audio.preload = "metadata";
  audio.src = url;
  await once(audio, "loadedmetadata");
  return finite(audio.duration);
}

async function measureVideo(url: string): Promise<MediaFacts> {
  const picture = document.createElement("video");
  picture.muted = true;
  picture.preload = "auto";
  picture.src = url;
  await once(picture, "loadeddata");
  const facts = { width: picture.videoWidth, height: picture.videoHeight, ...finite(picture.duration) };
  // The first frame is often black.
  picture.currentTime = Math.min(1, (facts.duration ?? 0) / 3);
  await once(picture, "seeked");
  return { ...facts, picture };
}

/** A stream has no end, and some files don't say how long they are. */
function finite(duration: number): { duration?: number } {
  return Number.isFinite(duration) && duration > 0 ? { duration } : {};
}

function once(media: HTMLMediaElement, event: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`no ${event}`)), patience);
  media.addEventListener(event, () => resolve(), { once: true });
  media.addEventListener("error", () => reject(new Error("This browser cannot show the file.")), {
    once: true,
  });
  return promise.finally(() => clearTimeout(timer));
}
