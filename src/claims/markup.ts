import { escapeHtml } from "../core/html.ts";

/** Plain text as paragraphs of HTML: a blank line ends a paragraph, a line break stays one. */
export function toParagraphs(text: string): string {
  return text
    .trim()
    .split(/(?:\r?\n[^\S\n]*){2,}/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll(/\r?\n/g, "<br>")}</p>`)
    .join("");
}
