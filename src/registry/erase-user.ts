import { buildDeleteActor } from "../claims/activities.ts";
import { toStoredText } from "../claims/json.ts";
import { wholeSecond } from "../core/time.ts";
import { inTransaction } from "../db/connection.ts";
import {
  eraseRelations,
  erasePublicationsOf,
  eraseSharesOf,
  findLastPending,
  findUnerased,
  getPublicationId,
  insertAcquaintances,
  listAssetNames,
} from "../db/deletions.ts";
import { lockUser } from "../db/profiles.ts";
import { insertAllDeliveries } from "../db/fan-out.ts";
import type { UserRow } from "../db/schema.ts";
import { collectMedia } from "./collect-media.ts";
import type { RegistryContext } from "./context.ts";
import { withdrawAsset } from "./withdraw-asset.ts";

/** How many works are withdrawn in one transaction, for which everybody else who registers something waits. */
const worksAtOnce = 20;
const documentsAtOnce = 500;

const reason = "The account was deleted before it could be sent.";

/**
 * Erases what is left of a deleted user, in bounded steps, each of which may be the last one before a crash: called
 * again, it goes on where it was. His works are withdrawn as he could have done himself, what he sent is erased, and
 * whoever knew him is sent the `Delete` of his actor, after everything else. It is signed with his key, which stays.
 */
export async function eraseUser(context: RegistryContext, userId: number): Promise<void> {
  const { db } = context;
  const user = await findUnerased(db, userId);
  if (user == null) return;
  while (await withdrawSome(context, user)) await deliverPending(context, userId);
  const documents = { limit: documentsAtOnce, reason };
  while (await inTransaction(db, (trx) => erasePublicationsOf(trx, userId, documents)));
  while (await inTransaction(db, (trx) => eraseSharesOf(trx, userId, documentsAtOnce)));
  await deliverPending(context, userId);
  await sayGoodbye(context, user);
}

/** Gives whether there was something to withdraw. */
async function withdrawSome(context: RegistryContext, user: UserRow): Promise<boolean> {
  const some = await inTransaction(context.db, async (trx) => {
    const names = await listAssetNames(trx, user.id, worksAtOnce);
    for (const name of names) await withdrawAsset({ ...context, db: trx }, user, name);
    return names.length > 0;
  });
  await collectMedia(context);
  return some;
}

/** Makes the deliveries of what was published, so that little is left for the last step, which forgets the followers. */
async function deliverPending({ db }: RegistryContext, userId: number): Promise<void> {
  const last = await findLastPending(db, userId);
  if (last != null) await inTransaction(db, (trx) => insertAllDeliveries(trx, last));
}

/** The last deliveries are made in the same transaction in which it is forgotten for whom they are. */
async function sayGoodbye(context: RegistryContext, { id: userId, username }: UserRow): Promise<void> {
  const { db, paths } = context;
  await inTransaction(db, async (trx) => {
    await lockUser(trx, userId);
    if ((await findUnerased(trx, userId)) == null) return;
    const iri = paths.actorDelete(username);
    const document = toStoredText(buildDeleteActor(iri, paths.actor(username)));
    await context.publish(trx, { iri, userId, document, created: wholeSecond() });
    const publication = await getPublicationId(trx, iri);
    await insertAllDeliveries(trx, publication);
    await insertAcquaintances(trx, publication);
    await eraseRelations(trx, userId);
  });
}
