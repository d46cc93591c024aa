import { countCharacters, isStorableText } from "./text.ts";

/** Control characters, line and paragraph separators, and what overrides the direction of text. */
const forbidden = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** Anything that shows: no space, no control or format character, no filler. */
const visible = /[^\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u;

/** The form under which an asset's name is stored and looked up (Unicode NFC). */
export function normalizeAssetName(name: string): string {
  return name.normalize("NFC");
}

/** What is wrong with an asset's name, as a sentence for the user; `undefined` when nothing is. */
export function findAssetNameProblem(name: string): string | undefined {
  if (!isStorableText(name)) return "must be well-formed Unicode without NUL";
  const normal = normalizeAssetName(name);
  if (!visible.test(normal)) return "must not be blank";
  if (countCharacters(normal) > 255) return "must have at most 255 characters";
  if (normal === "." || normal === "..") return 'must not be "." or ".."';
  if (/[/\\]/.test(normal)) return "must not contain / or \\";
  if (forbidden.test(normal)) return "must not contain control or bidirectional-override characters";
  return undefined;
}
