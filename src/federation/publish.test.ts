import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { insertFollowersAt } from "../../test/helpers/fake-hosts.ts";
import { query } from "../../test/helpers/sql.ts";
import { inTransaction, openDatabase } from "../db/connection.ts";
import { listDueHosts } from "../db/deliveries.ts";
import { countFollowers } from "../db/followers.ts";
import { erasePublications } from "../db/publications.ts";
import type { Database } from "../db/schema.ts";
import { insertUser } from "../db/users.ts";
import { type Jobs, openJobs } from "./jobs.ts";
import { fanOut, publish } from "./publish.ts";

let url: string;
let db: Database;
let jobs: Jobs;
let userId: number;
let count = 0;

beforeAll(async () => {
  url = await createTestDatabase();
  db = openDatabase(url, { max: 4 });
  jobs = await openJobs(url);
  const user = await insertUser(db, { username: "anna", passwordHash: "none", email: null, admin: false });
  userId = user?.id ?? 0;
});
afterAll(async () => {
  await jobs.stop();
  await db.destroy();
});

beforeEach(async () => {
  await query(url, "truncate deliveries, publications, followers, activities, remote_actors, blocks cascade");
  await query(url, "delete from pgboss.job");
});

function inboxes(number: number): string[] {
  return Array.from({ length: number }, (_, n) => `https://h${String(n).padStart(2, "0")}.example/inbox`);
}

interface Said {
  readonly document?: string;
  readonly noteIndex?: number;
  readonly recipientId?: number;
}

/** Publishes something of anna's; gives its id. */
async function say({ document = "{}", ...said }: Said = {}): Promise<number> {
  const iri = `https://local.example/${++count}`;
  await inTransaction(db, (trx) =>
    publish(jobs, trx, { iri, userId, document, created: new Date("2026-11-22T12:00:00Z"), ...said }),
  );
  const [row] = await query<{ id: string }>(url, "select id from publications where iri = $1", [iri]);
  return Number(row?.id);
}

/** Anna's log gets a claim, so that posts can be about it. */
async function claim(index: number): Promise<void> {
  await query(
    url,
    `insert into activities (index, user_id, type, document, created) values ($1, $2, 'Create', '{}', now())`,
    [index, userId],
  );
}

async function listInboxes(publication: number): Promise<string[]> {
  const rows = await query<{ inbox: string }>(
    url,
    "select inbox from deliveries where publication_id = $1 order by id",
    [publication],
  );
  return rows.map(({ inbox }) => inbox);
}

async function isPending(publication: number): Promise<boolean | undefined> {
  const [row] = await query<{ pending: boolean }>(url, "select pending from publications where id = $1", [
    publication,
  ]);
  return row?.pending;
}

async function countJobs(publication: number): Promise<number> {
  const rows = await query(
    url,
    "select from pgboss.job where name = 'publish' and (data ->> 'publication')::int = $1",
    [publication],
  );
  return rows.length;
}

const small = { batch: 4, patience: 60_000 };
const brief = { batch: 4, patience: 0 };

describe("a fan-out in batches", () => {
  test("gives every inbox one row, a shared one of followers in several batches too, and wakes its host", async () => {
    await insertFollowersAt(url, "anna", inboxes(30));
    await query(
      url,
      "update remote_actors set shared_inbox = 'https://shared.example/inbox' where host like '%0.example'",
    );
    await query(url, "insert into blocks (kind, target) values ('domain', 'h11.example')");
    const id = await say();
    await fanOut(db, jobs, id, small);
    const own = inboxes(30).filter((inbox) => !/h(\d0|11)\./.test(inbox));
    expect((await listInboxes(id)).toSorted()).toEqual([...own, "https://shared.example/inbox"].toSorted());
    expect(await isPending(id)).toBe(false);
    const woken = await query(url, "select distinct singleton_key from pgboss.job where name = 'deliver'");
    expect(woken).toHaveLength(27);
  });

  test("ends with the last of its followers, though they fill the last batch", async () => {
    await insertFollowersAt(url, "anna", inboxes(8));
    const id = await say();
    await fanOut(db, jobs, id, small);
    expect(await listInboxes(id)).toHaveLength(8);
    expect(await isPending(id)).toBe(false);
  });

  test("lets others come in between after a while, and goes on from there by another job", async () => {
    await insertFollowersAt(url, "anna", inboxes(10));
    const id = await say();
    const lengths: number[] = [];
    while (await isPending(id)) {
      const jobsBefore = await countJobs(id);
      await fanOut(db, jobs, id, brief);
      lengths.push((await listInboxes(id)).length);
      expect((await countJobs(id)) - jobsBefore).toBe((await isPending(id)) ? 1 : 0);
    }
    expect(lengths).toEqual([4, 8, 10]);
  });

  test("that failed in a batch goes on after the one before it", async () => {
    await insertFollowersAt(url, "anna", inboxes(10));
    const id = await say();
    // The seventh inbox can't be stored: the batch it is in leaves nothing.
    await query(url, "alter table deliveries add constraint trap check (inbox not like '%h06%')");
    await expect(fanOut(db, jobs, id, small)).rejects.toThrow("trap");
    expect(await listInboxes(id)).toHaveLength(4);
    await query(url, "alter table deliveries drop constraint trap");
    await fanOut(db, jobs, id, small);
    expect((await listInboxes(id)).toSorted()).toEqual(inboxes(10));
  });

  test("is complete before what its sender published later begins, whoever makes it", async () => {
    await insertFollowersAt(url, "anna", inboxes(10));
    const first = await say();
    const second = await say();
    await fanOut(db, jobs, first, brief);
    await Promise.all([fanOut(db, jobs, second, small), fanOut(db, jobs, first, small)]);
    const rows = await query<{ publication_id: string }>(
      url,
      "select publication_id from deliveries order by id",
    );
    const order = rows.map(({ publication_id }) => Number(publication_id));
    expect(order).toEqual([
      ...Array.from({ length: 10 }, () => first),
      ...Array.from({ length: 10 }, () => second),
    ]);
  });

  test("of what is for one recipient does not go through the followers", async () => {
    await insertFollowersAt(url, "anna", inboxes(10));
    const [actor] = await query<{ id: string }>(
      url,
      "select id from remote_actors where host = 'h07.example'",
    );
    const id = await say({ recipientId: Number(actor?.id) });
    await fanOut(db, jobs, id, brief);
    expect(await listInboxes(id)).toEqual(["https://h07.example/inbox"]);
    expect(await isPending(id)).toBe(false);
  });

  test("makes nothing more of what was erased between two of them", async () => {
    await insertFollowersAt(url, "anna", inboxes(10));
    await claim(0);
    const id = await say({ noteIndex: 0 });
    await fanOut(db, jobs, id, brief);
    await inTransaction(db, (trx) => erasePublications(trx, 0));
    await fanOut(db, jobs, id, brief);
    const rows = await query(url, "select distinct state from deliveries");
    expect(rows).toEqual([{ state: "refused" }]);
    expect(await listInboxes(id)).toHaveLength(4);
    expect(await isPending(id)).toBe(false);
  });

  test("of a deletion goes to each that had the post in any of its versions, and to nobody else", async () => {
    await insertFollowersAt(url, "anna", inboxes(20));
    await claim(0);
    const versions = [await say({ noteIndex: 0 }), await say({ noteIndex: 0 }), await say({ noteIndex: 0 })];
    for (const id of versions) await fanOut(db, jobs, id, small);
    await query(url, "delete from followers");
    // Eleven had one version or another, one of them is gone.
    await query(
      url,
      `update deliveries set state = 'delivered', delivered = now()
       where substring(host from 'h(\\d\\d)')::int < 11 and publication_id = $1 + substring(host from 'h(\\d\\d)')::int % 3`,
      [versions[0]],
    );
    await query(
      url,
      "update deliveries set state = 'refused', last_error = 'HTTP 410' where host = 'h04.example' and state = 'waiting'",
    );
    await insertFollowersAt(url, "anna", ["https://new.example/inbox"]);
    const id = await say({ noteIndex: 0, document: '{"type":"Delete"}' });
    let steps = 0;
    for (; await isPending(id); steps++) await fanOut(db, jobs, id, brief);
    const had = inboxes(11).filter((inbox) => !inbox.includes("h04"));
    expect((await listInboxes(id)).toSorted()).toEqual([...had, "https://new.example/inbox"]);
    expect(steps).toBeGreaterThan(10);
  });
});

test("hosts for which something is due are found page by page, each once, but for those that are held", async () => {
  await insertFollowersAt(url, "anna", inboxes(7));
  await fanOut(db, jobs, await say());
  await query(
    url,
    "insert into delivery_hosts (host, held_until) values ('h01.example', now() + interval '1 hour')",
  );
  const found: string[][] = [];
  for (let after: string | undefined = ""; after != null;) {
    const { hosts, last } = await listDueHosts(db, { after, limit: 3 });
    found.push(hosts.map(({ host }) => host));
    after = last;
  }
  expect(found).toEqual([
    ["h00.example", "h02.example"],
    ["h03.example", "h04.example", "h05.example"],
    ["h06.example"],
  ]);
});

test("the followers of a user are counted as they come and go", async () => {
  expect(await countFollowers(db, userId)).toBe(0);
  await insertFollowersAt(url, "anna", inboxes(5));
  await insertFollowersAt(url, "anna", ["https://more.example/inbox"]);
  expect(await countFollowers(db, userId)).toBe(6);
  await query(
    url,
    "insert into followers (user_id, actor_id, follow_iri) select user_id, actor_id, 'again' from followers on conflict (user_id, actor_id) do update set follow_iri = 'again'",
  );
  expect(await countFollowers(db, userId)).toBe(6);
  await query(url, "delete from remote_actors where host in ('h00.example', 'h01.example')");
  expect(await countFollowers(db, userId)).toBe(4);
  await query(url, "truncate followers");
  expect(await countFollowers(db, userId)).toBe(0);
});
