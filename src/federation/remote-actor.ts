import { type Actor, isActor, Object as ActivityObject } from "@fedify/vocab";
import { parseHandle } from "../core/handle.ts";
import { shareDomain } from "../core/registrable-domain.ts";
import { findRemoteActor } from "../db/remote-actors.ts";
import type { NewRemoteActor, RemoteActorRow } from "../db/schema.ts";
import { loadContext } from "../net/contexts.ts";
import { DocumentError } from "../net/document-error.ts";
import { resolveHandle, WebFingerError } from "../net/webfinger.ts";
import type { FederationContext } from "./context.ts";
import { toReadableActor } from "./readable-actor.ts";
import { signAsInstance } from "./sign.ts";

type Context = Pick<FederationContext, "documents" | "door" | "keys" | "paths">;

/** A document that is no actor one could follow or be followed by. */
export class NoActorError extends Error {
  override readonly name = "NoActorError";
}

/** An actor, and where it says that it came from and went to. */
export interface RemoteProfile {
  readonly actor: NewRemoteActor;
  /** IRIs of other actors who are the same person (`alsoKnownAs`). */
  readonly aliases: readonly string[];
  /** IRI of the actor that took its place. */
  readonly movedTo: string | undefined;
}

/**
 * An actor as its own document on its own origin describes it. Throws `DocumentError` where it could not be had and
 * {@link NoActorError} where it is no actor.
 */
export async function fetchProfile(context: Context, iri: string): Promise<RemoteProfile> {
  const sign = (request: Request) => signAsInstance(context.keys, context.paths, request);
  const { json } = await context.documents.fetchDocument(iri, { sign });
  const loader = context.documents.loader(sign);
  const object = await ActivityObject.fromJsonLd(toReadableActor(json), {
    documentLoader: loader,
    contextLoader: loadContext,
  }).catch(() => undefined);
  if (object == null || !isActor(object) || object.id == null || object.inboxId == null) {
    throw new NoActorError(`${iri} is no actor with an inbox.`);
  }
  // Else whoever makes up an actor could have us deliver to anybody.
  if (!shareDomain(object.id, object.inboxId)) {
    throw new NoActorError(`The inbox of ${iri} is on somebody else's server.`);
  }
  return {
    actor: toRow(object, object.id, object.inboxId),
    aliases: object.aliasIds.map(({ href }) => href),
    movedTo: object.successorId?.href,
  };
}

/** An actor as {@link fetchProfile} finds it, without its past and future. */
export async function fetchActor(context: Context, iri: string): Promise<NewRemoteActor> {
  return (await fetchProfile(context, iri)).actor;
}

/** An actor who is known here as what is stored, any other as it is fetched. */
export async function learnActor(
  context: FederationContext,
  iri: string,
): Promise<RemoteActorRow | NewRemoteActor> {
  const known = await findRemoteActor(context.db, iri);
  return known == null || known.gone != null ? await fetchActor(context, iri) : known;
}

function toRow(actor: Actor, id: URL, inbox: URL): NewRemoteActor {
  const { endpoints, preferredUsername, name, url, followersId } = actor;
  const sharedInbox = endpoints?.sharedInbox;
  return {
    iri: id.href,
    username: preferredUsername?.toString() ?? null,
    host: id.host,
    name: name?.toString() ?? null,
    url: url instanceof URL ? url.href : (url?.href?.href ?? null),
    inbox: inbox.href,
    shared_inbox: sharedInbox != null && shareDomain(id, sharedInbox) ? sharedInbox.href : null,
    followers: followersId?.href ?? null,
  };
}

export type ResolveResult =
  | { readonly type: "resolved"; readonly actor: NewRemoteActor }
  /** Says why, in words for the user, without a full stop. */
  | { readonly type: "not_resolved"; readonly reason: string };

/** Finds the actor whom a user means: a handle (`@user@host`) or an actor's URL. */
export async function resolveActor(context: Context, text: string): Promise<ResolveResult> {
  const handle = parseHandle(text);
  try {
    if (handle != null) {
      const http = context.paths.origin.startsWith("http:");
      const url = await resolveHandle(context.door, handle, { http });
      return { type: "resolved", actor: await fetchActor(context, url.href) };
    }
    if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
      return { type: "resolved", actor: await fetchActor(context, new URL(text).href) };
    }
    return { type: "not_resolved", reason: "must be a handle such as @user@host, or the URL of an actor" };
  } catch (error) {
    if (error instanceof WebFingerError || error instanceof DocumentError || error instanceof NoActorError) {
      return { type: "not_resolved", reason: error.message.replace(/\.$/, "") };
    }
    throw error;
  }
}
