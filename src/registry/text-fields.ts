import { z } from "zod";
import { countCharacters, isStorableText } from "../core/text.ts";

/** A line break or a tab is text; every other control character is none. */
const controls = /(?![\n\r\t])\p{Cc}/u;
const controlsAndBreaks = /\p{Cc}/u;

/** Text of at most `max` characters that JSON, PostgreSQL and a terminal can show; with `lines`, several lines of it. */
export function text(max: number, options: { lines?: boolean } = {}) {
  const forbidden = options.lines === true ? controls : controlsAndBreaks;
  return z
    .string()
    .refine(
      (value) => countCharacters(value) <= max,
      `must have at most ${max.toLocaleString("en")} characters`,
    )
    .refine(
      (value) => isStorableText(value) && !forbidden.test(value),
      "must not contain control characters",
    );
}

/** Whether the text is an http(s) URL without a user's name or password in it. */
export function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}
