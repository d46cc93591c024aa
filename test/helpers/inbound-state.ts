import type { TestServer } from "./server.ts";
import { eventually } from "./server.ts";
import { query } from "./sql.ts";

/** What others have brought about, a line a row, with fixed names for the two servers. */
export async function listEffects(server: TestServer, remote: string): Promise<string[]> {
  const rows = await query<{ line: string }>(
    server.databaseUrl,
    `select 'actor ' || iri || ' ' || coalesce(case when gone is null then name else 'gone' end, '-') as line
       from remote_actors
     union all select 'follower ' || users.username || ' ' || iri
       from followers join users on users.id = user_id join remote_actors on remote_actors.id = actor_id
     union all select 'following ' || users.username || ' ' || iri || case when accepted is null then ' requested' else ' accepted' end
       from following join users on users.id = user_id join remote_actors on remote_actors.id = actor_id
     union all select kind || ' ' || activity_index || ' ' || remote_actors.iri || ' ' || interactions.iri
         || coalesce(' ' || interactions.content, '')
       from interactions join remote_actors on remote_actors.id = actor_id join assets on assets.id = asset_id
     union all select 'post ' || iri || case when public then ' public ' else ' followers ' end || content
       from remote_posts
     union all select 'report ' || actor_iri || ' ' || array_to_string(objects, ' ') || ': ' || coalesce(content, '')
       from reports`,
  );
  return rows
    .map(({ line }) =>
      line.replaceAll(remote, "https://remote.example").replaceAll(server.origin, "https://local.example"),
    )
    .toSorted();
}

/** What was added and taken away between two lists of effects. */
export function compareEffects(before: readonly string[], after: readonly string[]): string[] {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].toSorted();
}

/** Waits until everything that arrived has been handled; fails where something of it could not be. */
export async function settleInbound(databaseUrl: string): Promise<void> {
  await eventually("everything that arrived is handled", async () => {
    const jobs = await query<{ state: string; output: unknown }>(
      databaseUrl,
      `select state, output from pgboss.job
       where name in ('inbox', 'verify_claim') and state in ('created', 'active', 'retry', 'failed')`,
    );
    const failed = jobs.find(({ state }) => state === "retry" || state === "failed");
    if (failed != null) throw new Error(`handling failed: ${JSON.stringify(failed.output)}`);
    return jobs.length === 0 ? true : undefined;
  });
}

/** Forgets everything that others have sent. */
export async function forgetInbound(databaseUrl: string): Promise<void> {
  await query(
    databaseUrl,
    `with p as (delete from publications where recipient_id is not null returning id)
     delete from deliveries where publication_id in (select id from p)`,
  );
  // Fedify remembers by itself which activities it has handled.
  await query(databaseUrl, "delete from fedify_kv_v2 where key[2] = 'activityIdempotence'");
  const tables = "interactions reactions remote_posts remote_claims followers following received_activities";
  for (const table of [...tables.split(" "), "reports", "remote_actors"]) {
    await query(databaseUrl, `delete from ${table}`);
  }
}

/** Has a user follow an actor, as if asked for before; accepted where it says so. */
export async function insertFollow(
  server: TestServer,
  username: string,
  actor: { iri: string; name: string | null; inbox: string; followers: string | null },
  options: { accepted: boolean; key?: string },
): Promise<void> {
  await query(
    server.databaseUrl,
    `with actor as (
       insert into remote_actors (iri, username, host, name, inbox, followers)
       values ($1, 'somebody', $2, $3, $4, $5) returning id)
     insert into following (user_id, actor_id, follow_iri, accepted)
     select users.id, actor.id, $6, case when $7 then now() end from users, actor where username = $8`,
    [
      actor.iri,
      new URL(actor.iri).host,
      actor.name,
      actor.inbox,
      actor.followers,
      `${server.origin}/users/${username}#follows/${options.key ?? "1"}`,
      options.accepted,
      username,
    ],
  );
}
