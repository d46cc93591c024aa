/** What the worker that hashes a file says of it. */
export type HashMessage =
  | { readonly type: "progress"; readonly bytes: number }
  | { readonly type: "done"; readonly hash: string }
  | { readonly type: "failed"; readonly reason: string };
