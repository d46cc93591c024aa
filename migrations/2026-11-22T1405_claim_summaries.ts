import { type Kysely, sql } from "kysely";

/** What lists tell of a claim of another server, beside its document, so that they need not read that. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table remote_claims
      add column summary text,
      add constraint remote_claims_summary_check check (octet_length(summary) <= 4096)`.execute(db);
  for (let after = 0; ;) {
    const { rows } = await sql<{ id: number; document: string }>`
      select id, document from remote_claims where id > ${after} order by id limit 20`.execute(db);
    for (const { id, document } of rows) {
      after = Number(id);
      await sql`update remote_claims set summary = ${summarize(document)} where id = ${id}`.execute(db);
    }
    if (rows.length < 20) return;
  }
}

function summarize(document: string): string {
  const { object } = JSON.parse(document) as { object?: Record<string, unknown> | null };
  const type = readText(object?.["assetType"]);
  return JSON.stringify({
    name: readText(object?.["name"])?.slice(0, 255).toWellFormed() ?? null,
    asset_type: type != null && /^[a-z]{1,20}$/.test(type) ? type : null,
    page: readAddress(findPage(object?.["url"])),
    id: readAddress(object?.["id"]),
  });
}

function readText(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function readAddress(value: unknown): string | null {
  const text = readText(value);
  return text != null && new TextEncoder().encode(JSON.stringify(text)).length <= 1024 ? text : null;
}

function findPage(value: unknown): unknown {
  if (typeof value === "string") return value;
  const links = (Array.isArray(value) ? value : [value]) as ({
    mediaType?: unknown;
    href?: unknown;
  } | null)[];
  return links.find((link) => link?.mediaType === "text/html")?.href;
}
