/** Which bytes of something are asked for. */
export type ByteRange =
  | { readonly type: "whole" }
  /** From `start` up to and including `end`. */
  | { readonly type: "part"; readonly start: number; readonly end: number }
  | { readonly type: "unsatisfiable" };

/**
 * Reads the header `Range` for something of `size` bytes. What is not understood, and a wish for several ranges, is
 * answered with the whole (RFC 9110, section 14.2).
 */
export function readRange(header: string | undefined, size: number): ByteRange {
  const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? "");
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") return { type: "whole" };
  if (first === "") {
    const start = Math.max(0, size - Number(last));
    return start < size ? { type: "part", start, end: size - 1 } : { type: "unsatisfiable" };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Number(last);
  if (end < start && last !== "") return { type: "whole" };
  return start < size ? { type: "part", start, end: Math.min(end, size - 1) } : { type: "unsatisfiable" };
}
