import { Hono } from "hono";
import { formatHandle } from "../../core/handle.ts";
import { readDomainBlocks, readList, writeDomainBlocks, writeList } from "../../core/mastodon-csv.ts";
import { type BlockTarget, listBlocks } from "../../db/blocks.ts";
import { importAccounts, importDomains, type ImportResult } from "../../registry/import-blocks.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { Context, WebEnv } from "../context.ts";
import { requireAdmin } from "../require-admin.ts";
import { requireSession } from "../session.ts";
import { readCsvUpload } from "../upload.ts";
import { ImportedPage } from "../views/blocks.tsx";
import { Layout } from "../views/layout.tsx";

/** Blocks as the files that Mastodon exports and imports: a GET gives one, a POST adds what stands in one. */
export const blockListRoutes = new Hono<WebEnv>()
  .get("/settings/blocks/blocked_accounts.csv", async (c) => {
    const blocks = await listAll(c, requireSession(c).user.id, "actor");
    // Mastodon knows accounts by their handles, without the first @.
    const values = blocks.map(({ target, username, host }) =>
      username == null || host == null ? target : formatHandle({ username, host }).slice(1),
    );
    return csvResponse(c, writeList(values));
  })
  .post("/settings/blocks/blocked_accounts.csv", async (c) => {
    const { user } = requireSession(c);
    const { registry, resolveActor } = c.get("web");
    const findActor = async (handle: string) => {
      const result = await resolveActor(handle);
      return result.type === "resolved" ? result.actor.iri : undefined;
    };
    const lines = readList(await readCsvUpload(c));
    return await answer(c, "/settings/blocks", await importAccounts(registry, user, lines, findActor));
  })
  .get("/settings/blocks/blocked_domains.csv", async (c) => {
    const blocks = await listAll(c, requireSession(c).user.id, "domain");
    return csvResponse(c, writeList(blocks.map(({ target }) => target)));
  })
  .post("/settings/blocks/blocked_domains.csv", async (c) => {
    const { user } = requireSession(c);
    const lines = readList(await readCsvUpload(c)).map(({ line, value }) => ({
      line,
      domain: value,
      comment: null,
    }));
    return await answer(c, "/settings/blocks", await importDomains(c.get("web").registry, user, lines));
  })
  .get("/admin/blocks/domain_blocks.csv", async (c) => {
    requireAdmin(c);
    const blocks = await listAll(c, null, "domain");
    return csvResponse(
      c,
      writeDomainBlocks(blocks.map(({ target, reason }) => ({ domain: target, comment: reason }))),
    );
  })
  .post("/admin/blocks/domain_blocks.csv", async (c) => {
    requireAdmin(c);
    const { blocks, errors } = readDomainBlocks(await readCsvUpload(c));
    const result = await importDomains(c.get("web").registry, null, blocks);
    const all = [...errors, ...result.errors].toSorted((one, other) => one.line - other.line);
    return await answer(c, "/admin/blocks", { added: result.added, errors: all });
  });

async function listAll(c: Context, owner: number | null, kind: BlockTarget["kind"]) {
  const page = { before: Number.MAX_SAFE_INTEGER, limit: 1_000_000, kind };
  return (await listBlocks(c.get("web").db, owner, page)).toReversed();
}

function csvResponse(c: Context, text: string): Response {
  return c.body(text, 200, { "Content-Type": "text/csv; charset=utf-8" });
}

function answer(c: Context, path: string, result: ImportResult): Response | Promise<Response> {
  if (!wantsPage(c)) return c.json(result);
  return c.html(
    <Layout {...frame(c, "Import")}>
      <ImportedPage path={path} added={result.added} errors={result.errors} />
    </Layout>,
  );
}
