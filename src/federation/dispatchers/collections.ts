import type { Context, Federatable } from "@fedify/fedify";
import { Activity, type Recipient } from "@fedify/vocab";
import { countFollowers, listFollowers } from "../../db/followers.ts";
import { countFollowing, listFollowing } from "../../db/following.ts";
import { countOutbox, listOutbox } from "../../db/publications.ts";
import type { Database, UserRow } from "../../db/schema.ts";
import { findUser } from "../../db/users.ts";
import type { FederationContext } from "../context.ts";

const pageSize = 40;

/** Serves a user's outbox, followers and following: counted, and paged newest first. */
export function registerCollections(federation: Federatable<FederationContext>): void {
  federation
    .setOutboxDispatcher("/users/{identifier}/outbox", async (context, username, cursor) => {
      const { data } = context;
      const page = await listPage(data.db, username, cursor, listOutbox, ({ index }) => index);
      if (page == null) return null;
      const loaders = { documentLoader: context.documentLoader, contextLoader: context.contextLoader };
      // What was parsed from a stored document is emitted as it was stored.
      const items = page.items.map(({ document }) => Activity.fromJsonLd(JSON.parse(document), loaders));
      return { ...page, items: await Promise.all(items) };
    })
    .setCounter((context, username) => count(context.data.db, username, countOutbox))
    .setFirstCursor(findFirstCursor);
  federation
    .setFollowersDispatcher("/users/{identifier}/followers", async ({ data }, username, cursor) => {
      const page = await listPage(data.db, username, cursor, listFollowers, ({ position }) => position);
      return page == null ? null : { ...page, items: page.items.map(toRecipient) };
    })
    .setCounter((context, username) => count(context.data.db, username, countFollowers))
    .setFirstCursor(findFirstCursor);
  federation
    .setFollowingDispatcher("/users/{identifier}/following", async ({ data }, username, cursor) => {
      const page = await listPage(data.db, username, cursor, listFollowing, ({ position }) => position);
      return page == null ? null : { ...page, items: page.items.map(({ iri }) => new URL(iri)) };
    })
    .setCounter((context, username) => count(context.data.db, username, countFollowing))
    .setFirstCursor(findFirstCursor);
}

/** The cursor of the first page: nothing is newer. Where there is no user, there is no collection. */
async function findFirstCursor(
  { data }: Context<FederationContext>,
  username: string,
): Promise<string | null> {
  return (await findUser(data.db, username)) == null ? null : String(Number.MAX_SAFE_INTEGER);
}

async function listPage<T>(
  db: Database,
  username: string,
  cursor: string | null,
  list: (db: Database, userId: number, page: { before: number; limit: number }) => Promise<T[]>,
  position: (item: T) => number,
): Promise<{ items: T[]; nextCursor: string | null } | null> {
  // Without a cursor Fedify asks for a collection in one piece; ours come in pages only.
  if (cursor == null || !/^\d{1,16}$/.test(cursor)) return null;
  const user = await findUser(db, username);
  if (user == null) return null;
  const items = await list(db, user.id, { before: Number(cursor), limit: pageSize });
  const last = items.length < pageSize ? undefined : items.at(-1);
  return { items, nextCursor: last == null ? null : String(position(last)) };
}

async function count(
  db: Database,
  username: string,
  counter: (db: Database, userId: number) => Promise<number>,
): Promise<number | null> {
  const user: UserRow | undefined = await findUser(db, username);
  return user == null ? null : await counter(db, user.id);
}

function toRecipient(actor: { iri: string; inbox: string; shared_inbox: string | null }): Recipient {
  const sharedInbox = actor.shared_inbox == null ? null : new URL(actor.shared_inbox);
  return { id: new URL(actor.iri), inboxId: new URL(actor.inbox), endpoints: { sharedInbox } };
}
