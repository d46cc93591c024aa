const types: ReadonlyMap<string, string> = new Map(
  Object.entries({
    avif: "image/avif",
    flac: "audio/flac",
    gif: "image/gif",
    jpeg: "image/jpeg",
    jpg: "image/jpeg",
    m4a: "audio/mp4",
    mov: "video/quicktime",
    mp3: "audio/mpeg",
    mp4: "video/mp4",
    oga: "audio/ogg",
    ogg: "audio/ogg",
    png: "image/png",
    svg: "image/svg+xml",
    wav: "audio/wav",
    webm: "video/webm",
    webp: "image/webp",
  }),
);

/** The media type that the path of a URL suggests by its ending; `undefined` when it suggests none. */
export function guessMediaType(url: string): string | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1];
  return ending == null ? undefined : types.get(ending.toLowerCase());
}
