import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { buildUpdateActor } from "../claims/actor-update.ts";
import { toStoredText } from "../claims/json.ts";
import { inTransaction } from "../db/connection.ts";
import { lockUser, type Profile, saveProfile } from "../db/profiles.ts";
import type { UserRow } from "../db/schema.ts";
import type { RegistryContext } from "./context.ts";

/** Whether followers are told of something new; `user` is the row as it is from then on. */
export interface UpdateProfileResult {
  readonly type: "changed" | "unchanged";
  readonly user: UserRow;
}

/**
 * Changes what a user says of himself, and sends his followers the actor as it is then: both or neither. `change` is
 * given the profile as it is, so that of two changes at a time none undoes the other.
 */
export function updateProfile(
  context: RegistryContext,
  userId: number,
  change: (profile: Profile) => Profile,
): Promise<UpdateProfileResult> {
  return inTransaction(context.db, async (trx) => {
    const user = await lockUser(trx, userId);
    const before = toProfile(user);
    const after = change(before);
    if (isDeepStrictEqual(before, after)) return { type: "unchanged", user };
    const changed = await saveProfile(trx, userId, after);
    const created = new Date(Math.floor(Date.now() / 1000) * 1000);
    const { username } = user;
    const iri = context.paths.fragment(username, "updates", randomUUID());
    const followers = context.paths.followers(username);
    const update = buildUpdateActor(iri, await context.describeActor(changed), {
      followers,
      updated: created,
    });
    await context.publish(trx, { iri, userId, document: toStoredText(update), created });
    return { type: "changed", user: changed };
  });
}

function toProfile({
  name,
  summary,
  fields,
  icon_url,
  image_url,
  also_known_as,
  moved_to,
}: UserRow): Profile {
  return { name, summary, fields, icon_url, image_url, also_known_as, moved_to };
}
