import { type Context as HonoContext, Hono } from "hono";
import { z } from "zod";
import { local } from "../../core/paths.ts";
import { isStorableText } from "../../core/text.ts";
import { listLedger, sumLedger } from "../../db/ledger.ts";
import { sendAgain } from "../../registry/resend.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { WebEnv } from "../context.ts";
import { readInput } from "../input.ts";
import { toLedgerJson, toTotalsJson } from "../ledger-json.ts";
import { readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import { LedgerPage } from "../views/ledger.tsx";
import { getOwnAsset } from "./own-assets.tsx";

type Context = HonoContext<WebEnv, "/:name">;

const states = ["delivered", "waiting", "refused", "given_up"] as const;

const resendInput = z.object({
  host: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .refine(isStorableText, "must be well-formed text without NUL")
    .optional(),
});

/** What became of the deliveries of a post, for its author alone. */
export const ledgerRoutes = new Hono<WebEnv>()
  .get("/assets/:name/deliveries", async (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect(local.signIn(c.req.path), 303);
    const asset = await getOwnAsset(c);
    const { db } = c.get("web");
    const { limit } = readPageQuery(c);
    const filter = readFilter(c);
    const rows = await listLedger(db, asset.activity_index, { ...filter, limit: limit + 1 });
    const hosts = rows.slice(0, limit).map(toLedgerJson);
    const last = rows.length > limit ? hosts.at(-1) : undefined;
    const next = last == null ? null : nextPath(c, last.host);
    const totals = toTotalsJson(await sumLedger(db, asset.activity_index));
    if (!wantsPage(c)) return c.json({ hosts, totals, next });
    return c.html(
      <Layout {...frame(c, `Deliveries of ${asset.name}`, { href: c.req.path, type: "application/json" })}>
        <LedgerPage
          name={asset.name}
          hosts={hosts}
          totals={totals}
          next={next}
          state={filter.state ?? null}
        />
      </Layout>,
    );
  })
  .post("/assets/:name/deliveries", async (c) => {
    requireSession(c);
    const asset = await getOwnAsset(c);
    // To send everything again takes no words.
    const { host } =
      c.req.header("content-type") == null ? {} : await readInput(c, resendInput, { form: true });
    const result = await sendAgain(c.get("web").registry, asset, host);
    if (result.type === "unknown_host") throw new Problem(404, "Nothing of that post goes to that server.");
    if (wantsPage(c)) return c.redirect(local.deliveries(asset.name), 303);
    return c.json({ deliveries: result.deliveries }, 202);
  });

function readFilter(c: Context): { after: string; state: (typeof states)[number] | undefined } {
  const wanted = c.req.query("state");
  const state = states.find((candidate) => candidate === wanted);
  const after = c.req.query("after") ?? "";
  const errors = [
    ...(wanted != null && state == null
      ? [{ field: "state", message: `must be one of ${states.join(", ")}` }]
      : []),
    ...(after.length > 300 || !isStorableText(after) ? [{ field: "after", message: "must be a host" }] : []),
  ];
  if (errors.length > 0) throw new Problem(400, "The page that was asked for does not exist.", { errors });
  return { after, state };
}

function nextPath(c: Context, after: string): string {
  const url = new URL(c.req.url);
  url.searchParams.set("after", after);
  return url.pathname + url.search;
}
