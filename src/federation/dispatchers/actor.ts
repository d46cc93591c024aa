import type { Federatable, RequestContext } from "@fedify/fedify";
import { Application, CryptographicKey, Multikey, Person } from "@fedify/vocab";
import { instanceKeyName } from "../../accounts/key-files.ts";
import { encodeMultikey } from "../../claims/multikey.ts";
import { foldUsername } from "../../core/username.ts";
import { findUser } from "../../db/users.ts";
import type { FederationContext } from "../context.ts";
import { rsaKeyId } from "../sign.ts";
import { describeUser } from "./actor-document.ts";

type Request = RequestContext<FederationContext>;

/** Serves the users' actors and, at `/actor`, the server's own. */
export function registerActor(federation: Federatable<FederationContext>): void {
  federation
    .setActorDispatcher("/users/{identifier}", (context, identifier) =>
      identifier === instanceKeyName ? describeInstance(context) : findActor(context, identifier),
    )
    .setKeyPairsDispatcher(async ({ data }, identifier) => {
      // Fedify asks for the keys of an inbox before it asks whether there is anybody.
      if (identifier !== instanceKeyName && (await findUser(data.db, identifier)) == null) return [];
      const { rsa, ed25519 } = await data.keys.get(identifier);
      return [rsa, ed25519];
    })
    .mapHandle((context, handle) => mapHandle(context.data, handle))
    .mapActorAlias("/actor", instanceKeyName);
}

/** Any case of a known username finds its user; the host's own name finds the server's actor. */
async function mapHandle({ db, paths }: FederationContext, handle: string): Promise<string | null> {
  const username = foldUsername(handle);
  if (username === new URL(paths.origin).hostname) return instanceKeyName;
  const user = await findUser(db, username);
  return user == null || user.suspended != null || user.deleted != null ? null : username;
}

/** Fedify's own classes drop terms that they don't know, but emit what was parsed as it was. */
async function findActor(context: Request, username: string): Promise<Person | null> {
  const user = await findUser(context.data.db, username);
  if (user == null) return null;
  const { documentLoader, contextLoader } = context;
  return await Person.fromJsonLd(await describeUser(context.data, user), { documentLoader, contextLoader });
}

async function describeInstance(context: Request): Promise<Application> {
  const { keys, paths } = context.data;
  const { rsa, ed25519 } = await keys.get(instanceKeyName);
  const owner = new URL(paths.instanceActor);
  const id = new URL(`#${await encodeMultikey(ed25519.publicKey)}`, owner);
  return new Application({
    id: owner,
    preferredUsername: new URL(paths.origin).hostname,
    name: "Art DAG L2",
    url: new URL(paths.origin),
    inbox: new URL(paths.sharedInbox),
    manuallyApprovesFollowers: true,
    publicKey: new CryptographicKey({ id: new URL(rsaKeyId(owner.href)), owner, publicKey: rsa.publicKey }),
    assertionMethods: [new Multikey({ id, controller: owner, publicKey: ed25519.publicKey })],
  });
}
