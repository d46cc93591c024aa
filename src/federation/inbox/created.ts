import type { InboxContext } from "@fedify/fedify";
import { type Create, Note } from "@fedify/vocab";
import { asObject } from "../../claims/json.ts";
import type { Transaction } from "../../db/schema.ts";
import { receivePost, type RemotePost } from "../../registry/receive-post.ts";
import type { FederationContext } from "../context.ts";
import { readReceived } from "./activity.ts";

/** Longest content that is kept, in characters. */
const longest = 100_000;

/** Somebody published a post. It is kept where a user here follows its author. */
export async function onCreated(context: InboxContext<FederationContext>, create: Create): Promise<void> {
  const received = readReceived(create);
  const post = received == null ? undefined : await readPost(context, create, received.actor);
  if (received == null || post == null) return;
  const { db, jobs } = context.data;
  const verifyClaim = (trx: Transaction, id: number) => jobs.send("verify_claim", { post: id }, { trx });
  await receivePost({ db, verifyClaim }, received, post);
}

/** The Note that was sent, where it is its sender's own and stands on its sender's server. */
async function readPost(
  context: InboxContext<FederationContext>,
  create: Create,
  actor: string,
): Promise<RemotePost | undefined> {
  const { origin } = new URL(actor);
  if (create.objectId?.origin !== origin) return undefined;
  const note = await create.getObject({
    documentLoader: context.documentLoader,
    contextLoader: context.contextLoader,
  });
  if (!(note instanceof Note) || note.id?.origin !== origin || note.attributionId?.href !== actor)
    return undefined;
  const url = note.url instanceof URL ? note.url : (note.url?.href ?? null);
  const published = note.published ?? create.published;
  return {
    iri: note.id.href,
    url: url != null && /^https?:$/.test(url.protocol) ? url.href : null,
    content: (note.content?.toString() ?? "").slice(0, longest),
    claim: await findClaim(create, origin),
    published: published == null ? new Date() : new Date(published.epochMilliseconds),
  };
}

/** Our own property, which Fedify's vocabulary does not know, as it stands in the document. */
async function findClaim(create: Create, origin: string): Promise<string | null> {
  const document = asObject(await create.toJsonLd());
  const claim = asObject(document?.["object"])?.["claim"];
  return typeof claim === "string" && URL.canParse(claim) && new URL(claim).origin === origin ? claim : null;
}
