/** A piece of a text; one with a `href` is an address that stood in it. */
export interface TextPiece {
  readonly text: string;
  readonly href?: string;
}

/**
 * Cuts a text at the http(s) addresses in it, so that they can be shown as links. The pieces make up the whole text;
 * punctuation after an address belongs to the sentence. An address with a user's name or password in it stays text.
 */
export function splitLinks(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?()[\]{}]/giu)) {
    const url = URL.parse(match[0]);
    if (url == null || url.username !== "" || url.password !== "") continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: match[0], href: url.href });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}
