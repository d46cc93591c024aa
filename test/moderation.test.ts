import { Client } from "pg";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act } from "./helpers/activities.ts";
import { expectNoEffect, settleInbox } from "./helpers/effects.ts";
import {
  createWorld,
  type GuardedServer,
  type Person,
  type Remote,
  settle,
  startGuardedServer,
} from "./helpers/remotes.ts";
import { eventually, type Json } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const world = createWorld();
let server: GuardedServer;
let good: Remote;
let evil: Remote;
let sub: Remote;
let bob: Person;
let mallory: Person;
let eve: Person;
let admin: string;
let carol: string;

beforeAll(async () => {
  good = await world.open("good.test");
  evil = await world.open("evil.test");
  sub = await world.open("sub.evil.test");
  bob = await settle(good, "bob", 0);
  mallory = await settle(evil, "mallory", 1);
  eve = await settle(sub, "eve", 0);
  server = await startGuardedServer(world, { LIMIT_FETCHES: "1000" });
  admin = await server.logIn();
  carol = await server.register("carol");
});

beforeEach(async () => {
  await rows("truncate blocks, followers, following, deliveries, publications cascade");
});

/** Waits until what the server has in memory of its blocks is what stands in the database. */
async function settleBlocks(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2100));
}

let count = 0;
function follow(actor: string, username = "carol") {
  return act({ id: actor }, "Follow", `https://l2.test/users/${username}`);
}

async function rows(statement: string, values: unknown[] = []): Promise<Json[]> {
  return await query(server.databaseUrl, statement, values);
}

async function followers(): Promise<string[]> {
  const found = await rows("select iri from followers join remote_actors a on a.id = actor_id order by iri");
  return found.map(({ iri }) => iri);
}

async function becomeFollower(person: Person): Promise<void> {
  expect((await server.deliver(person, follow(person.id))).status).toBe(202);
  await eventually("the follower is stored", async () =>
    (await followers()).includes(person.id) ? true : undefined,
  );
}

/** Has nothing sent to a host for now. */
async function holdHost(host: string): Promise<void> {
  await rows(
    `insert into delivery_hosts (host, held_until) values ($1, now() + '1 hour')
     on conflict (host) do update set held_until = excluded.held_until`,
    [host],
  );
}

async function blockOnServer(target: string, kind = "domain"): Promise<Json> {
  return await server.json("POST", "/admin/blocks", { kind, target }, admin);
}

function posted(remote: Remote): Json[] {
  return remote.requests.filter(({ line }) => line.startsWith("POST")).map(({ body }) => JSON.parse(body));
}

describe("T25 host spelled otherwise", () => {
  const spellings = [
    "https://EVIL.test",
    "https://evil.test.",
    "https://mallory@evil.test",
    "https://ｅｖｉｌ.test",
    "https://%65vil.test",
    "https://EVIL.TEST.:443",
    "https://sub.EVIL.test.",
  ];

  test("an actor whose host is spelled otherwise is refused by the block of evil.test", async () => {
    await blockOnServer("evil.test");
    await settleBlocks();
    await expectNoEffect(server, world, async () => {
      for (const origin of spellings) {
        const actor = `${origin}/users/mallory`;
        const by = { keyId: `${actor}#main-key`, privateKey: mallory.privateKey };
        const activity = { ...follow(mallory.id), id: `${origin}/follows/${++count}`, actor };
        expect((await server.deliver(by, activity)).status, origin).toBe(403);
      }
    });
  });

  test.each(["EVIL.Test", "evil.test.", "x@evil.test:8443", "*.evil.test", "ｅｖｉｌ。test"])(
    "the block of %s is the block of evil.test",
    async (target) => {
      expect(await blockOnServer(target)).toMatchObject({ status: 201, body: { target: "evil.test" } });
      expect((await blockOnServer("evil.test")).status).toBe(200);
    },
  );

  test("the block of an actor holds for his address spelled otherwise, and for him alone", async () => {
    await blockOnServer("https://x@EVIL.test./users/mallory", "actor");
    await settleBlocks();
    const other = await settle(evil, "trent", 1);
    expect((await server.deliver(mallory, follow(mallory.id))).status).toBe(403);
    expect((await server.deliver(other, follow(other.id))).status).toBe(202);
    await settleInbox(server.databaseUrl);
  });

  test("nobody is the owner of another's thing because his host looks the same", async () => {
    await settleBlocks();
    await becomeFollower(bob);
    const [{ follow_iri: object }] = await rows("select follow_iri from followers");
    for (const host of ["GOOD.test", "good.test.", "ｇｏｏｄ.test", "good.test@evil.test"]) {
      const actor = `https://${host}/users/bob`;
      const undo = { id: `https://${host}/undos/${++count}`, type: "Undo", actor, object };
      expect((await server.deliver(mallory, undo)).status, host).toBeGreaterThanOrEqual(400);
    }
    await settleInbox(server.databaseUrl);
    expect(await followers()).toEqual([bob.id]);
  });
});

describe("T26 blocked domain gets in", () => {
  beforeEach(settleBlocks);

  test("an activity from the domain or a subdomain is answered 403, without effect or request", async () => {
    await blockOnServer("evil.test");
    await settleBlocks();
    await expectNoEffect(server, world, async () => {
      for (const person of [mallory, eve]) {
        const response = await server.deliver(person, follow(person.id));
        expect(response.status).toBe(403);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
      }
    });
    expect((await server.deliver(bob, follow(bob.id))).status).toBe(202);
    await settleInbox(server.databaseUrl);
  });

  test("a block made by one process holds in another within five seconds", async () => {
    const { databaseUrl, dataDirectory } = server;
    const other = await startGuardedServer(world, { DATABASE_URL: databaseUrl, ARTDAG_DATA: dataDirectory });
    expect((await other.deliver(mallory, follow(mallory.id))).status).toBe(202);
    await blockOnServer("evil.test");
    await eventually(
      "the other process refuses",
      async () => ((await other.deliver(mallory, follow(mallory.id))).status === 403 ? true : undefined),
      5000,
    );
    await settleInbox(server.databaseUrl);
  });

  test("what was queued before the block is dropped", async () => {
    // The list in memory is fresh, so that the door still lets the next one in.
    expect((await server.deliver(bob, follow(bob.id))).status).toBe(202);
    await query(server.databaseUrl, "insert into blocks (kind, target) values ('domain', 'evil.test')");
    const late = follow(eve.id);
    expect((await server.deliver(eve, late)).status).toBe(202);
    await settleInbox(server.databaseUrl);
    expect(await followers()).toEqual([bob.id]);
    expect(await rows("select * from received_activities where activity_iri = $1", [late.id])).toEqual([]);
  });

  test("nothing is delivered there: waiting deliveries are refused with a reason, new ones not made", async () => {
    await becomeFollower(bob);
    await becomeFollower(eve);
    await rows("delete from deliveries");
    const post = async (name: string) => {
      const asset = { name, content_hash: (++count).toString().padStart(64, "0"), asset_type: "image" };
      expect((await server.json("POST", "/assets", asset, carol)).status).toBe(201);
      return await eventually("it is fanned out", async () => {
        const found = await rows(
          `select host, state, last_error from deliveries d join publications p on p.id = publication_id
           where p.document like $1 order by host`,
          [`%${name}%`],
        );
        return found.length > 0 ? found : undefined;
      });
    };
    expect(await rows("select * from delivery_hosts")).toEqual([]);
    await holdHost("sub.evil.test");
    expect((await post("before-the-block")).map(({ host }) => host)).toEqual(["good.test", "sub.evil.test"]);
    await blockOnServer("evil.test");
    expect(await rows("select state, last_error from deliveries where host = 'sub.evil.test'")).toEqual([
      { state: "refused", last_error: "The recipient is blocked." },
    ]);
    expect((await post("after-the-block")).map(({ host }) => host)).toEqual(["good.test"]);
    expect(await followers()).toEqual([bob.id, eve.id]);
  });

  test("an actor whom the server blocks is sent nothing any more, the others of his host are", async () => {
    const victor = await settle(evil, "victor", 1);
    await becomeFollower(mallory);
    await becomeFollower(victor);
    await blockOnServer(mallory.id, "actor");
    const asset = { name: "not-for-mallory", content_hash: "c".repeat(64), asset_type: "image" };
    expect((await server.json("POST", "/assets", asset, carol)).status).toBe(201);
    await settleInbox(server.databaseUrl);
    const sent = await rows(
      "select inbox from deliveries d join publications p on p.id = publication_id where p.document like '%not-for-mallory%'",
    );
    expect(sent).toEqual([{ inbox: `${victor.id}/inbox` }]);
  });

  test("an actor whom the server blocks gets none of what waits for him, the others at his host all", async () => {
    const victor = await settle(evil, "victor", 1);
    await becomeFollower(mallory);
    await becomeFollower(victor);
    await settleInbox(server.databaseUrl);
    await holdHost("evil.test");
    const asset = { name: "waits", content_hash: "f".repeat(64), asset_type: "image" };
    expect((await server.json("POST", "/assets", asset, carol)).status).toBe(201);
    const states = () =>
      rows(
        "select inbox, state from deliveries d join publications p on p.id = publication_id where p.document like '%asset/waits%' order by inbox",
      );
    await eventually("both wait", async () => ((await states()).length === 2 ? true : undefined));
    await blockOnServer(mallory.id, "actor");
    expect(await states()).toEqual([
      { inbox: `${mallory.id}/inbox`, state: "refused" },
      { inbox: `${victor.id}/inbox`, state: "waiting" },
    ]);
    await rows("delete from delivery_hosts");
  });

  test("an inbox on a blocked host gets nothing, whatever the host of its actor", async () => {
    const wendy = await settle(good, "wendy", 0, { inbox: "https://in.good.test/wendy" });
    await becomeFollower(wendy);
    await becomeFollower(bob);
    await blockOnServer("in.good.test");
    const asset = { name: "not-for-wendy", content_hash: "7".repeat(64), asset_type: "image" };
    expect((await server.json("POST", "/assets", asset, carol)).status).toBe(201);
    await settleInbox(server.databaseUrl);
    const sent = await rows(
      "select inbox from deliveries d join publications p on p.id = publication_id where p.document like '%not-for-wendy%'",
    );
    expect(sent).toEqual([{ inbox: `${bob.id}/inbox` }]);
  });

  test("an inbox that actors share is served as long as one of them isn't blocked", async () => {
    const inbox = `${good.origin}/one-for-all`;
    const [xena, yves] = [await settle(good, "xena", 0, { inbox }), await settle(good, "yves", 0, { inbox })];
    await becomeFollower(xena);
    await becomeFollower(yves);
    await settleInbox(server.databaseUrl);
    await holdHost("good.test");
    const asset = { name: "for-all", content_hash: "8".repeat(64), asset_type: "image" };
    expect((await server.json("POST", "/assets", asset, carol)).status).toBe(201);
    const states = () =>
      rows("select state from deliveries where inbox = $1 and state <> 'delivered'", [inbox]);
    await eventually("it waits", async () => ((await states()).length > 0 ? true : undefined));
    await blockOnServer(xena.id, "actor");
    expect(await states()).toEqual([{ state: "waiting" }]);
    await blockOnServer(yves.id, "actor");
    expect(await states()).toEqual([{ state: "refused" }]);
    await rows("delete from delivery_hosts");
  });

  test("a delivery that was made beside the block is refused when its turn comes", async () => {
    await rows("delete from delivery_hosts");
    await blockOnServer("evil.test");
    const before = posted(sub).length;
    await rows(
      `with publication as (
         insert into publications (iri, user_id, document, created, to_followers)
         select 'https://l2.test/x', id, '{"type": "Create"}', now(), true from users where username = 'carol' returning id, user_id)
       insert into deliveries (publication_id, user_id, inbox, host)
       select id, user_id, 'https://sub.evil.test/users/eve/inbox', 'sub.evil.test' from publication`,
    );
    await eventually("it is refused", async () => {
      const [row] = await rows(
        "select state from deliveries where inbox like '%eve%' order by id desc limit 1",
      );
      return row.state === "refused" ? true : undefined;
    });
    expect(posted(sub)).toHaveLength(before);
  });
});

describe("a user's block of an actor", () => {
  beforeAll(settleBlocks);

  test("ends following both ways and tells the actor, and keeps him out afterwards", async () => {
    await becomeFollower(bob);
    const handle = bob.id;
    expect((await server.json("POST", "/users/carol/following", { handle }, carol)).status).toBe(202);
    const before = posted(good).length;
    const blocked = await server.json(
      "POST",
      "/settings/blocks",
      { kind: "actor", target: "@bob@good.test" },
      carol,
    );
    expect(blocked).toMatchObject({ status: 201, body: { kind: "actor", target: bob.id } });
    expect(await followers()).toEqual([]);
    expect(await rows("select * from following")).toEqual([]);
    const types = await eventually("bob is told", async () => {
      const told = posted(good)
        .slice(before)
        .map(({ type, object }) => `${type} ${object.type}`);
      return told.includes("Undo Follow") && told.includes("Reject Follow") ? told : undefined;
    });
    expect(types).not.toContain("Block Follow");

    expect((await server.deliver(bob, follow(bob.id))).status).toBe(202);
    expect((await server.deliver(bob, follow(bob.id, "alice"))).status).toBe(202);
    await settleInbox(server.databaseUrl);
    const found = await rows("select username from followers join users on users.id = user_id");
    expect(found).toEqual([{ username: "alice" }]);
  });

  test("of his domain holds for everybody there", async () => {
    await becomeFollower(eve);
    await becomeFollower(bob);
    await server.json("POST", "/settings/blocks", { kind: "domain", target: "evil.test" }, carol);
    expect(await followers()).toEqual([bob.id]);
  });

  test("hides his posts and his replies, and can't be got round by following him", async () => {
    expect((await server.json("POST", "/users/carol/following", { handle: bob.id }, carol)).status).toBe(202);
    await rows("update following set accepted = now()");
    const asset = {
      name: `seen-${++count}`,
      content_hash: `${count}`.padStart(64, "b"),
      asset_type: "image",
    };
    const note = (await server.json("POST", "/assets", asset, carol)).body.asset.post;
    for (const inReplyTo of [undefined, note]) {
      const iri = `${bob.id}/notes/${++count}`;
      const object = { id: iri, type: "Note", attributedTo: bob.id, content: "<p>hello</p>", inReplyTo };
      const to = ["https://www.w3.org/ns/activitystreams#Public"];
      const create = { id: `${iri}#create`, type: "Create", actor: bob.id, to, object: { ...object, to } };
      expect((await server.deliver(bob, create)).status).toBe(202);
    }
    const look = async () => {
      const home = await server.json("GET", "/home", undefined, carol);
      const { body } = await server.json("GET", `/assets/${asset.name}`);
      const replies = await server.json("GET", `${new URL(note).pathname}/replies`);
      const page = await server.request(`/asset/${asset.name}`, { headers: { Accept: "text/html" } });
      const shown = (await page.text()).includes("<p>hello</p>");
      return [
        home.body.posts.length > 0,
        body.asset?.replies ?? body.replies,
        replies.body.totalItems,
        shown,
      ];
    };
    await settleInbox(server.databaseUrl);
    expect(await look()).toEqual([true, 1, 1, true]);
    await rows(
      "insert into blocks (user_id, kind, target) select id, 'actor', $1 from users where username = 'carol'",
      [bob.id],
    );
    expect(await look()).toEqual([false, 0, 0, false]);
    await rows("delete from following");
    expect((await server.json("POST", "/users/carol/following", { handle: bob.id }, carol)).status).toBe(422);
  });

  test("keeps his likes and shares from being counted, as the server's block does", async () => {
    const asset = {
      name: `liked-${++count}`,
      content_hash: `${count}`.padStart(64, "c"),
      asset_type: "image",
    };
    const object = (await server.json("POST", "/assets", asset, carol)).body.asset.post;
    for (const person of [bob, mallory, eve]) {
      for (const type of ["Like", "Announce"]) {
        const id = `${person.id}/acts/${++count}`;
        expect((await server.deliver(person, { id, type, actor: person.id, object })).status).toBe(202);
      }
    }
    await settleInbox(server.databaseUrl);
    const counts = async () => {
      const { body } = await server.json("GET", `/assets/${asset.name}`);
      return [body.likes, body.shares];
    };
    expect(await counts()).toEqual([3, 3]);
    await rows("insert into blocks (user_id, kind, target) select id, 'actor', $1 from users where admin", [
      bob.id,
    ]);
    expect(await counts()).toEqual([3, 3]);
    await rows(
      "insert into blocks (user_id, kind, target) select id, 'domain', 'evil.test' from users where username = 'carol'",
    );
    expect(await counts()).toEqual([1, 1]);
    await rows("insert into blocks (kind, target) values ('actor', $1)", [bob.id]);
    expect(await counts()).toEqual([0, 0]);
  });

  describe("at the very moment of a Follow leaves no follower", () => {
    /** Does something in a transaction while nobody else may change who follows carol, and something beside it. */
    async function overlap(
      first: string,
      values: unknown[],
      beside: () => Promise<unknown>,
    ): Promise<string[]> {
      const client = new Client({ connectionString: server.databaseUrl });
      await client.connect();
      await client.query("begin");
      const lock = "pg_advisory_xact_lock(hashtextextended('relations', id))";
      await client.query(`select ${lock} from users where username = 'carol'`);
      await client.query(first, values);
      const done = beside();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await client.query("commit");
      await client.end();
      await done;
      await settleInbox(server.databaseUrl);
      return await followers();
    }

    test("where the block is first", async () => {
      const left = await overlap(
        "insert into blocks (user_id, kind, target) select id, 'actor', $1 from users where username = 'carol'",
        [bob.id],
        async () => await server.deliver(bob, follow(bob.id)),
      );
      expect(left).toEqual([]);
    });

    test("where the Follow is first", async () => {
      await rows(
        "insert into remote_actors (iri, host, inbox) values ($1, 'good.test', $1) on conflict do nothing",
        [bob.id],
      );
      const left = await overlap(
        `insert into followers (user_id, actor_id, follow_iri)
         select users.id, a.id, $1 || '#f' from users, remote_actors a where a.iri = $1 and users.username = 'carol'`,
        [bob.id],
        async () => await server.json("POST", "/settings/blocks", { kind: "actor", target: bob.id }, carol),
      );
      expect(left).toEqual([]);
    });
  });

  test("is listed, and lifted by handle, page or address", async () => {
    for (const target of [bob.id, mallory.id]) {
      await server.json("POST", "/settings/blocks", { kind: "actor", target, reason: "spam" }, carol);
    }
    const { body } = await server.json("GET", "/settings/blocks", undefined, carol);
    expect(body.items).toMatchObject([
      { kind: "actor", target: mallory.id, reason: "spam" },
      { kind: "actor", target: bob.id, handle: "@bob@good.test" },
    ]);
    const lifted = await server.json(
      "DELETE",
      "/settings/blocks",
      { kind: "actor", target: "@bob@good.test" },
      carol,
    );
    expect(lifted.status).toBe(204);
    const page = await server.request("/settings/blocks", {
      method: "POST",
      headers: {
        Accept: "text/html",
        Authorization: `Bearer ${carol}`,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ kind: "actor", unblock: mallory.id }),
    });
    expect([page.status, page.headers.get("location")]).toEqual([303, "/settings/blocks"]);
    expect(await rows("select * from blocks")).toEqual([]);
  });

  test.each([
    [{ kind: "domain", target: "l2.test" }],
    [{ kind: "domain", target: "https://evil.test" }],
    [{ kind: "actor", target: "https://l2.test/users/carol" }],
    [{ kind: "actor", target: "nobody" }],
    [{ kind: "person", target: "evil.test" }],
  ])("is refused as %j", async (block) => {
    expect((await server.json("POST", "/settings/blocks", block, carol)).status).toBe(422);
  });

  test("is nobody else's to see or to lift", async () => {
    await server.json("POST", "/settings/blocks", { kind: "domain", target: "evil.test" }, carol);
    const { body } = await server.json("GET", "/settings/blocks", undefined, admin);
    expect(body.items).toEqual([]);
    const block = { kind: "domain", target: "evil.test" };
    expect((await server.json("DELETE", "/settings/blocks", block, admin)).status).toBe(404);
    expect((await server.json("DELETE", "/admin/blocks", block, admin)).status).toBe(404);
    expect((await server.json("GET", "/settings/blocks")).status).toBe(401);
  });
});
