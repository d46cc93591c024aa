/**
 * The hashtag that a tag becomes in a post, without `#`: letters, digits and underscores only, since other servers
 * end a hashtag at anything else. `undefined` when nothing is left but digits.
 */
export function toHashtag(tag: string): string | undefined {
  const hashtag = tag.replace(/[^\p{L}\p{M}\p{N}_]/gu, "");
  return hashtag === "" || /^\p{N}+$/u.test(hashtag) ? undefined : hashtag;
}
