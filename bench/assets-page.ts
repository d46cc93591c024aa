/**
 * The lists of works, and single documents, of a server with 1,000 works and of one with 100,000: how long an answer
 * takes that is made anew. What counts is the ratio, which should be flat. Run it with `npm run bench:assets`.
 */
import type { Client } from "pg";
import { median, print, registerUser, runBench, time, withClient } from "./server.ts";

const sizes = [1000, 100_000] as const;
const tries = 60;
const warmUp = 15;
/** How many works are rare: of the second user, videos, with a tag of their own. */
const rare = 200;
const page = "text/html";
const json = "application/json";
const activity = "application/activity+json";

/** Address and Accept; MIDDLE is the index in the middle of the log. */
const asked: [path: string, accept: string][] = [
  ["/assets", page],
  ["/assets", json],
  ["/assets?cursor=MIDDLE", json],
  ["/assets?type=video", json],
  ["/assets?tag=rare", json],
  ["/assets?tag=sea", json],
  ["/assets?owner=bert", json],
  ["/assets?owner=rarely", json],
  ["/", page],
  ["/activities", page],
  ["/asset/Work%20MIDDLE", page],
  ["/users/bert", page],
  ["/users/bert", activity],
  ["/.well-known/webfinger?resource=acct:bert@localhost:8200", json],
  ["/activities/MIDDLE", activity],
  ["/feed.atom", "*/*"],
  ["/users/rarely/feed.atom", "*/*"],
  ["/sitemap.xml", "*/*"],
];

await runBench(async ({ createDatabase, start }) => {
  const addresses: string[] = [];
  for (const size of sizes) {
    const databaseUrl = await createDatabase(`bench_${size}`);
    const { address } = await start(databaseUrl, { ARTDAG_CACHE_SECONDS: "0" });
    for (const username of ["bert", "rarely"]) await registerUser(address, username);
    await withClient(databaseUrl, (client) => insertWorks(client, size));
    addresses.push(address);
  }
  const [few, many] = sizes.map((size) => size.toLocaleString("en"));
  print(`milliseconds with ${few} works, with ${many}, and the ratio`);
  for (const [path, accept] of asked) {
    const times = sizes.map((): number[] => []);
    // By turns, since a machine that does other things too is not as fast at all times.
    for (let done = -warmUp; done < tries; done++) {
      for (const [at, size] of sizes.entries()) {
        const taken = await time(() => ask(addresses[at] + path.replace("MIDDLE", String(size / 2)), accept));
        if (done >= 0) times[at]?.push(taken);
      }
    }
    const [small = 0, large = 0] = times.map(median);
    const numbers = [small.toFixed(2), large.toFixed(2), (large / small).toFixed(2)];
    print(`${numbers.map((number) => number.padStart(8)).join("")}  ${path} as ${accept}`);
  }
});

async function ask(url: string, accept: string): Promise<void> {
  const response = await fetch(url, { headers: { Accept: accept } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text}`);
}

/** Works as they are in a register: most are alike, and some rare ones lie everywhere between them. */
async function insertWorks(client: Client, size: number): Promise<void> {
  const words = "words about a work ".repeat(10);
  await client.query(
    `with made as (
       insert into activities (index, user_id, type, document, created)
       select n, users.id, 'Create', json_build_object('type', 'Create', 'content', $2::text)::text, now()
       from generate_series(0, $1::int - 1) n
       join users on users.username = case when n % ($1::int / $3::int) = 0 then 'rarely' else 'bert' end
       returning index, user_id)
     insert into assets (name, hash_algorithm, content_hash, asset_type, user_id, activity_index, latest_index,
       later_claim, tags, description, post, created)
     select 'Work ' || index, 'sha3-256', encode(sha256(index::text::bytea), 'hex'),
       case when index % ($1::int / $3::int) = 0 then 'video' else 'image' end, user_id, index, index, false,
       case when index % ($1::int / $3::int) = 0 then '{sea,rare}'::text[] else '{sea}' end, $2, 'public', now()
     from made`,
    [size, words, rare],
  );
  await client.query("update log set size = $1", [size]);
  await client.query("vacuum analyze");
}
