import { isActor, Link, Object as ActivityObject } from "@fedify/vocab";
import { parseHandle } from "../core/handle.ts";
import type { NewRemoteActor } from "../db/schema.ts";
import { loadContext } from "../net/contexts.ts";
import { DocumentError } from "../net/document-error.ts";
import type { FederationContext } from "./context.ts";
import { fetchActor, NoActorError, resolveActor } from "./remote-actor.ts";
import { signAsInstance } from "./sign.ts";

type Context = Pick<FederationContext, "documents" | "door" | "keys" | "paths">;

/** A post as its own server describes it. */
export interface FoundPost {
  readonly url: string;
  readonly name: string | null;
  /** HTML, not to be trusted. */
  readonly content: string;
}

export type LookUpResult =
  /** `post` is what was asked for where it was not the actor himself. */
  | { readonly type: "found"; readonly actor: NewRemoteActor; readonly post: FoundPost | null }
  /** Says why, in words for the user, without a full stop. */
  | { readonly type: "not_found"; readonly reason: string };

/** Finds the actor, or the post and its author, whom a handle or a URL names; all from where they belong. */
export async function lookUp(context: Context, text: string): Promise<LookUpResult> {
  if (parseHandle(text) != null || !URL.canParse(text)) return await findActor(context, text);
  try {
    const object = await fetchObject(context, text);
    if (object == null || isActor(object)) return await findActor(context, text);
    const author = object.attributionId;
    if (author == null || author.origin !== object.id?.origin) {
      return {
        type: "not_found",
        reason: "is neither an actor nor a post with an author of the same server",
      };
    }
    return { type: "found", actor: await fetchActor(context, author.href), post: describe(object, text) };
  } catch (error) {
    if (error instanceof DocumentError || error instanceof NoActorError) return refuse(error.message);
    throw error;
  }
}

async function findActor(context: Context, text: string): Promise<LookUpResult> {
  const result = await resolveActor(context, text);
  if (result.type === "not_resolved") return refuse(result.reason);
  return { type: "found", actor: result.actor, post: null };
}

async function fetchObject(context: Context, url: string): Promise<ActivityObject | undefined> {
  const sign = (request: Request) => signAsInstance(context.keys, context.paths, request);
  const { json } = await context.documents.fetchDocument(url, { sign });
  const documentLoader = context.documents.loader(sign);
  // What can't be parsed is nothing that one could look at.
  return await ActivityObject.fromJsonLd(json, { documentLoader, contextLoader: loadContext }).catch(
    () => undefined,
  );
}

function describe({ url, name, content }: ActivityObject, asked: string): FoundPost {
  const page = url instanceof Link ? url.href : url;
  return { url: page?.href ?? asked, name: name?.toString() ?? null, content: content?.toString() ?? "" };
}

function refuse(reason: string): LookUpResult {
  return { type: "not_found", reason: reason.replace(/\.$/, "") };
}
