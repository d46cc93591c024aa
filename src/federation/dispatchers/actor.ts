import type { Federatable, RequestContext } from "@fedify/fedify";
import { Application, CryptographicKey, Endpoints, Multikey, Person } from "@fedify/vocab";
import { type ActorKeys, instanceKeyName } from "../../accounts/key-files.ts";
import { encodeMultikey } from "../../claims/multikey.ts";
import { foldUsername } from "../../core/username.ts";
import { findUser } from "../../db/users.ts";
import type { FederationContext } from "../context.ts";
import { toInstant } from "../instant.ts";
import { rsaKeyId } from "../sign.ts";

type Request = RequestContext<FederationContext>;

/** Serves the users' actors and, at `/actor`, the server's own. */
export function registerActor(federation: Federatable<FederationContext>): void {
  federation
    .setActorDispatcher("/users/{identifier}", (context, identifier) =>
      identifier === instanceKeyName ? describeInstance(context) : describeUser(context, identifier),
    )
    .setKeyPairsDispatcher(async ({ data }, identifier) => {
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
  return (await findUser(db, username)) == null ? null : username;
}

async function describeUser(context: Request, username: string): Promise<Person | null> {
  const { db, keys, paths } = context.data;
  const user = await findUser(db, username);
  if (user == null) return null;
  return new Person({
    ...(await describeKeys(paths.actor(username), await keys.get(username))),
    id: new URL(paths.actor(username)),
    preferredUsername: username,
    name: username,
    url: new URL(paths.actor(username)),
    inbox: new URL(paths.inbox(username)),
    outbox: new URL(paths.outbox(username)),
    followers: new URL(paths.followers(username)),
    following: new URL(paths.following(username)),
    endpoints: new Endpoints({ sharedInbox: new URL(paths.sharedInbox) }),
    published: toInstant(user.created),
    manuallyApprovesFollowers: false,
    discoverable: true,
    indexable: true,
  });
}

async function describeInstance(context: Request): Promise<Application> {
  const { keys, paths } = context.data;
  return new Application({
    ...(await describeKeys(paths.instanceActor, await keys.get(instanceKeyName))),
    id: new URL(paths.instanceActor),
    preferredUsername: new URL(paths.origin).hostname,
    name: "Art DAG L2",
    url: new URL(paths.origin),
    inbox: new URL(paths.sharedInbox),
    manuallyApprovesFollowers: true,
  });
}

/** RSA for signatures, Ed25519 for proofs (FEP-521a). Fedify's own key ids tell positions, ours the keys. */
async function describeKeys(actor: string, { rsa, ed25519 }: ActorKeys) {
  const owner = new URL(actor);
  const multibase = await encodeMultikey(ed25519.publicKey);
  return {
    publicKey: new CryptographicKey({ id: new URL(rsaKeyId(actor)), owner, publicKey: rsa.publicKey }),
    assertionMethods: [
      new Multikey({ id: new URL(`${actor}#${multibase}`), controller: owner, publicKey: ed25519.publicKey }),
    ],
  };
}
