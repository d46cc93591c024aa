import type { JsonObject } from "../../src/claims/json.ts";
import type { Person } from "./remotes.ts";

/** The first user of a guarded server. */
export const alice = "https://l2.test/users/alice";

let count = 0;

/** An activity that nobody has sent before, with an id at its actor's server. */
export function act(
  by: Pick<Person, "id">,
  type: string,
  object: string | JsonObject = alice,
  more: JsonObject = {},
): JsonObject & { id: string } {
  return { id: `${new URL(by.id).origin}/activities/${++count}`, type, actor: by.id, object, ...more };
}

/** A Follow of alice, or of whom `more` says, that nobody has sent before. */
export function follow(actor: string, more: JsonObject = {}): JsonObject & { id: string } {
  return act({ id: actor }, "Follow", alice, more);
}
