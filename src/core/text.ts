/** Whether PostgreSQL and JSON can hold the text as it is: no NUL, no lone surrogate. */
export function isStorableText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Length in Unicode code points, as people count characters. */
export function countCharacters(text: string): number {
  return [...text].length;
}

/** The text in at most `limit` code points, with an ellipsis where something was cut. */
export function truncate(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
}
