/**
 * What is known of 1,000 hashes, asked by one statement and by 1,000 single ones, on 200,000 claims and as many
 * withdrawn ones. The ratio counts, times move with the machine. Run it with `npm run bench:objects-status`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { openDatabase } from "../src/db/connection.ts";
import { startEmbeddedPostgres } from "../src/db/embedded.ts";
import { migrate } from "../src/db/migrate.ts";
import { type AskedObject, listObjectStatuses } from "../src/db/objects.ts";
import type { Database } from "../src/db/schema.ts";

const claims = 200_000;
const rounds = 7;
const burnKey = Buffer.alloc(32, 1);
const directory = await mkdtemp(path.join(tmpdir(), "artdag-bench-"));
const postgres = await startEmbeddedPostgres(directory, { settings: { fsync: "off" } });
try {
  await migrate(postgres.url);
  const db = openDatabase(postgres.url, { max: 1, statementTimeout: 60_000 });
  try {
    await fill(db);
    await compare(db);
  } finally {
    await db.destroy();
  }
} finally {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function fill(db: Database): Promise<void> {
  await sql`insert into users (username, password_hash) values ('anna', 'none')`.execute(db);
  await sql`
    insert into activities (index, user_id, type, document, created)
    select n, users.id, 'Create', '{}', now() from users, generate_series(0, ${claims} - 1) n`.execute(db);
  await sql`
    insert into assets (name, hash_algorithm, content_hash, asset_type, user_id, activity_index, latest_index,
      later_claim, post, created)
    select 'work ' || index, 'sha3-256', encode(sha256(index::text::bytea), 'hex'), 'image', user_id, index, index,
      false, 'none', created
    from activities`.execute(db);
  await sql`
    insert into burnt (digest) select sha256(('burnt ' || n)::bytea) from generate_series(1, ${claims}) n`.execute(
    db,
  );
  await sql`vacuum analyze`.execute(db);
}

async function compare(db: Database): Promise<void> {
  const { rows } = await sql<{ content_hash: string }>`
    select encode(sha256((n * 400)::text::bytea), 'hex') as content_hash from generate_series(0, 999) n`.execute(
    db,
  );
  const objects = rows.map(({ content_hash }) => ({
    asked: content_hash,
    contentHash: content_hash,
    address: `http://localhost/objects/${content_hash}`,
  }));
  const one: number[] = [];
  const single: number[] = [];
  // In turns, so that whatever else the machine does falls on both.
  for (let round = 0; round < rounds; round++) {
    one.push(await time(() => ask(db, objects)));
    single.push(
      await time(async () => {
        let known = 0;
        for (const object of objects) known += await ask(db, [object]);
        return known;
      }),
    );
  }
  const [together, apart] = [middle(one), middle(single)];
  process.stdout.write(
    `one statement: ${together.toFixed(1)} ms\n1,000 statements: ${apart.toFixed(1)} ms\n` +
      `ratio: ${(apart / together).toFixed(1)} times faster\n`,
  );
}

/** How many of the hashes are claimed. */
async function ask(db: Database, objects: readonly AskedObject[]): Promise<number> {
  const statuses = await listObjectStatuses(db, burnKey, objects);
  return statuses.filter(({ status }) => status === "claimed").length;
}

/** In milliseconds; throws unless half of the 1,000 were found, as many as there are. */
async function time(work: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const known = await work();
  if (known !== 500) throw new Error(`${known} hashes were found, not 500`);
  return performance.now() - started;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
