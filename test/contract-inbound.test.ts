import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type FixtureRemote, openFixtureRemote } from "./helpers/fixture-remote.ts";
import {
  compareEffects,
  forgetInbound,
  insertFollow,
  listEffects,
  settleInbound,
} from "./helpers/inbound-state.ts";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";

/** Documents as a kind of server sends them; `https://remote.example` and `https://local.example` are the two servers. */
interface Fixture {
  readonly software: string;
  readonly actors: readonly Json[];
  /** Further documents that it serves, by path. */
  readonly serves: Readonly<Record<string, Json>>;
  readonly cases: readonly FixtureCase[];
}

interface FixtureCase {
  readonly title: string;
  /** Whom alice follows already, or asked to follow. */
  readonly follows?: { readonly actor: string; readonly accepted: boolean; readonly name?: string };
  /** What was sent before. */
  readonly before?: readonly Json[];
  readonly document: Json;
  /** Of the answer; 202 where it is absent. */
  readonly status?: number;
  /** The rows that must come (`+`) and go (`-`), and no others. */
  readonly changes: readonly string[];
}

const folder = path.join(import.meta.dirname, "fixtures/inbound");
const fixtures = readdirSync(folder)
  .toSorted()
  .map((file) => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Fixture);

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ LIMIT_FETCHES: "1000", LIMIT_NEW_ACTORS: "1000", LIMIT_INBOX: "1000" });
  const work = { name: "sea", content_hash: "a".repeat(64), asset_type: "image" };
  await server.json("POST", "/assets", work, await server.logIn());
});

test("there are at least forty documents", () => {
  expect(fixtures.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(40);
});

describe.each(fixtures.map((fixture, at) => ({ ...fixture, address: `127.0.1.${at + 1}` })))(
  "what $software sends",
  ({ actors, serves, cases, address }) => {
    let remote: FixtureRemote;
    let resolve: <T>(document: T) => T;

    beforeAll(async () => {
      remote = await openFixtureRemote(address);
      resolve = (document) =>
        JSON.parse(
          JSON.stringify(document)
            .replaceAll("https://remote.example", remote.origin)
            .replaceAll("https://local.example", server.origin)
            .replaceAll('"KEY"', JSON.stringify(remote.publicKeyPem)),
        );
      for (const actor of actors) remote.documents.set(new URL(actor.id).pathname, resolve(actor));
      for (const [at, document] of Object.entries(serves)) remote.documents.set(at, resolve(document));
    });

    async function receive(document: Json, status = 202): Promise<void> {
      const activity = resolve(document);
      const actor = actors.map(resolve).find(({ id }) => id === activity.actor);
      const answer = await remote.send(`${server.origin}/inbox`, activity, actor.publicKey.id);
      expect(answer).toBe(status);
      await settleInbound(server.databaseUrl);
    }

    test.each(cases)("$title", async ({ follows, before, document, status, changes }) => {
      await forgetInbound(server.databaseUrl);
      if (follows != null) {
        const actor = actors.map(resolve).find(({ id }) => id === resolve(follows.actor));
        const { id: iri, inbox, followers } = actor;
        const row = { iri, inbox, followers, name: follows.name ?? actor.name };
        await insertFollow(server, "alice", row, follows);
      }
      for (const earlier of before ?? []) await receive(earlier);
      const start = await listEffects(server, remote.origin);
      await receive(document, status);
      const expected = changes.toSorted();
      expect(compareEffects(start, await listEffects(server, remote.origin))).toEqual(expected);
      // Whatever it was, it takes effect once.
      const end = await listEffects(server, remote.origin);
      await receive(document, status);
      expect(await listEffects(server, remote.origin)).toEqual(end);
    });
  },
);
