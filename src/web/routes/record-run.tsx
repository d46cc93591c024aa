import { getLogger } from "@logtape/logtape";
import { Hono } from "hono";
import { findRendererToken } from "../../accounts/renderer-tokens.ts";
import type { Session } from "../../accounts/tokens.ts";
import type { JsonObject } from "../../claims/json.ts";
import { findOrigin } from "../../core/origin.ts";
import { local } from "../../core/paths.ts";
import { findRunDocument } from "../../db/runs.ts";
import type { UserRow } from "../../db/schema.ts";
import { findTokenUser } from "../../db/tokens.ts";
import { type Permission, recordRun } from "../../registry/record-run.ts";
import { type RunInput, runInput } from "../../registry/run-input.ts";
import { frame } from "../answer.tsx";
import { toAssetInput } from "../asset-form.ts";
import type { AssetJson } from "../asset-json.ts";
import { checkInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { readForm, readInput } from "../input.ts";
import { Problem } from "../problem.ts";
import { toRecordProblem } from "../record-problem.ts";
import { answerInLines, wantsLines } from "../record-stream.ts";
import { readBearer, requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import type { FormState } from "../views/props.ts";
import { RecordRunPage } from "../views/record-run.tsx";
import { describeNew, getAsset } from "./assets.tsx";

type Watch = NonNullable<Parameters<typeof recordRun>[4]>;

const logger = getLogger(["artdag", "web"]);

/** Runs of renderers become assets; and what the renderer said of a run. */
export const recordRunRoutes = new Hono<WebEnv>()
  .post("/assets/record-run", async (c) => {
    const caller = await findCaller(c);
    const input = await readInput(c, runInput);
    caller.check(input);
    if (wantsLines(c.req.header("accept"))) {
      return answerInLines(
        (onProgress, signal) => record(c, caller, input, { onProgress, signal }),
        (error) => {
          logger.error("Recording a run failed: {error}", { error });
          return new Problem(500, "Something went wrong here. It has been logged.");
        },
      );
    }
    const recorded = await record(c, caller, input, { signal: c.req.raw.signal });
    c.header("Location", local.asset(recorded.asset.name));
    return c.json(recorded, 201);
  })
  .get("/assets/:name/run", async (c) => {
    const asset = await getAsset(c);
    const document = await findRunDocument(c.get("web").db, asset.id);
    if (document == null) throw new Problem(404, "That asset was registered without a run.");
    return c.body(document, 200, { "Content-Type": "application/json" });
  })
  .get(local.recordRun, (c) => {
    if (c.get("session") == null) return c.redirect(local.signIn(local.recordRun), 303);
    const values = Object.fromEntries(new URL(c.req.url).searchParams);
    return showForm(c, { ...emptyForm, values });
  })
  .post(local.recordRun, async (c) => {
    const caller = toCaller(requireSession(c));
    const values = await readForm(c);
    const show = (form: FormState) => showForm(c, form);
    return await submitForm(c, values, show, async () => {
      const input = checkInput(runInput, toRunInput(values));
      const { asset } = await record(c, caller, input, { signal: c.req.raw.signal });
      return c.redirect(local.assetPage(asset.name), 303);
    });
  });

/** Who asks for a recording. */
interface Caller {
  readonly user: UserRow;
  readonly permitted: Permission;
  check(input: RunInput): void;
}

function toCaller({ user, tokenId }: Session): Caller {
  const permitted: Permission = async (db) => (await findTokenUser(db, tokenId)) != null;
  return { user, permitted, check: () => undefined };
}

/** Whoever is signed in, or whom a renderer's token speaks for; a problem where that is nobody. */
async function findCaller(c: Context): Promise<Caller> {
  const web = c.get("web");
  const session = c.get("session");
  if (session != null) return toCaller(session);
  const bearer = readBearer(c);
  const found = bearer == null ? undefined : await findRendererToken(web, bearer);
  if (found == null || bearer == null) return toCaller(requireSession(c));
  const { user, l1Server, scopes } = found;
  if (!scopes.includes("record-run")) {
    throw new Problem(
      403,
      `The user does not allow ${l1Server} to record runs: the scope record-run is missing.`,
    );
  }
  return {
    user,
    permitted: async (db) =>
      (await findRendererToken({ ...web, db }, bearer))?.scopes.includes("record-run") === true,
    check(input) {
      if (findOrigin(web.l1Servers, input.l1_server) === l1Server) return;
      throw new Problem(403, `That token is for runs of ${l1Server} only.`);
    },
  };
}

async function record(
  c: Context,
  { user, permitted }: Caller,
  input: RunInput,
  watch: Watch,
): Promise<{ asset: AssetJson; activity: JsonObject }> {
  const { recording, paths, l1Servers } = c.get("web");
  const result = await recordRun(recording, user, input, permitted, watch);
  if (result.type === "registered") {
    return { asset: await describeNew(c, result.name), activity: result.claim };
  }
  const l1Server = findOrigin(l1Servers, input.l1_server) ?? "";
  throw toRecordProblem({ paths, l1Servers, l1Server }, result);
}

function toRunInput(values: Readonly<Record<string, string>>): Record<string, unknown> {
  return { ...toAssetInput(values), verify_bytes: values["verify_bytes"] === "true" };
}

function showForm(c: Context, form: FormState) {
  return c.html(
    <Layout {...frame(c, "Record a run")}>
      <RecordRunPage form={form} l1Servers={c.get("web").l1Servers} />
    </Layout>,
  );
}
