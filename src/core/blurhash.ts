const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/** Components in one direction, at most: Mastodon shows no BlurHash with more. */
const most = 5;

/** Whether a text is a BlurHash that other servers show: well-formed, with at most 5 x 5 components. */
export function isSupportedBlurhash(text: string): boolean {
  const size = digits.indexOf(text.charAt(0));
  const across = (size % 9) + 1;
  const down = Math.floor(size / 9) + 1;
  return (
    text !== "" &&
    [...text].every((digit) => digits.includes(digit)) &&
    across <= most &&
    down <= most &&
    text.length === 4 + 2 * across * down
  );
}
