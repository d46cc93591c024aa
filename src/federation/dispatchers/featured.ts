import type { Federatable } from "@fedify/fedify";
import { Object as ActivityObject } from "@fedify/vocab";
import { extractObject } from "../../claims/claim.ts";
import type { JsonObject } from "../../claims/json.ts";
import { listFeaturedPosts } from "../../db/pins.ts";
import { findUser } from "../../db/users.ts";
import type { FederationContext } from "../context.ts";

/**
 * Serves a user's featured posts, each whole as it is stored: what a server that sees the profile for the first time
 * shows, since most read this collection and never the outbox.
 */
export function registerFeatured(federation: Federatable<FederationContext>): void {
  federation
    .setFeaturedDispatcher("/users/{identifier}/featured", async (context, username) => {
      const posts = await listPosts(context.data, username);
      if (posts == null) return null;
      const { documentLoader, contextLoader } = context;
      const notes = posts.map((post) => extractObject(JSON.parse(post) as JsonObject));
      // What was parsed from a document is emitted as it was.
      const items = notes.map((note) => ActivityObject.fromJsonLd(note, { documentLoader, contextLoader }));
      return { items: await Promise.all(items) };
    })
    .setCounter(async ({ data }, username) => (await listPosts(data, username))?.length ?? null);
}

async function listPosts({ db }: FederationContext, username: string): Promise<string[] | undefined> {
  const user = await findUser(db, username);
  return user == null ? undefined : await listFeaturedPosts(db, user.id);
}
