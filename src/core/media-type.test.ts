import { expect, test } from "vitest";
import { guessMediaType } from "./media-type.ts";

test.each([
  ["https://x.example/a.png", "image/png"],
  ["https://x.example/a.JPEG", "image/jpeg"],
  ["https://x.example/a.tar.webm", "video/webm"],
  ["https://x.example/a.mp4?size=1.png#t.gif", "video/mp4"],
  ["https://x.example/a.flac", "audio/flac"],
])("%s looks like %s", (url, type) => {
  expect(guessMediaType(url)).toBe(type);
});

test.each([
  "https://x.example/",
  "https://x.png/",
  "https://x.example/png",
  "https://x.example/a.png/",
  "https://x.example/a.zip",
  "https://x.example/?a.png",
  "https://x.example/a.constructor",
  "https://x.example/a.tostring",
])("%s looks like nothing", (url) => {
  expect(guessMediaType(url)).toBeUndefined();
});
