import { createHash } from "node:crypto";
import { encodePng, type Picture } from "../reference-l1/png.ts";
import { makeSamples } from "../reference-l1/samples.ts";
import type { TestServer } from "./server.ts";

/** What a site is filled through. */
type Site = Pick<TestServer, "json" | "register" | "request" | "origin"> & {
  /** The reference renderer, which it must know. */
  readonly l1: string;
};

/** A page, and who is to look at it. */
export interface SamplePage {
  /** What a picture of it is called. */
  readonly name: string;
  /** `{host}` stands for the server's own. */
  readonly path: string;
  readonly as?: "vera" | "alice";
  /** The status it is answered with, where that is not 200. */
  readonly status?: number;
}

/** Sand and water, drawn from sines: a picture for each number. */
function paint(number: number): Picture {
  return (x, y) => {
    const wave = Math.sin(x * (6 + number) + Math.sin(y * (9 - number) + number) * 2) * 0.5 + 0.5;
    const light = 0.55 + 0.45 * Math.cos(y * 3 + wave * (1 + (number % 3)));
    const hue = number * 0.7;
    return [hue, hue + 2.1, hue + 4.2].map((phase) =>
      Math.round(255 * light * (0.55 + 0.35 * Math.sin(phase + wave * 2))),
    ) as [number, number, number];
  };
}

const hashOf = (text: string) => createHash("sha3-256").update(text).digest("hex");

const works = [
  {
    name: "Low tide at Wissant",
    asset_type: "image",
    description:
      "The sea has gone out.\n\nWhat it leaves behind is drawn once a day, and never twice the same.",
    tags: ["sea", "long exposure", "brume"],
    license: "CC-BY-4.0",
    alt: "Wet sand with the traces of the tide, seen from above",
    width: 2400,
    height: 1600,
    language: "en",
  },
  { name: "Tide clock", asset_type: "video", duration: 94.2, tags: ["sea"], media_type: "video/webm" },
  { name: "Foghorn, 4 a.m.", asset_type: "audio", duration: 312, tags: ["sea", "field recording"] },
  {
    name: "erode",
    asset_type: "effect",
    tags: ["effect"],
    metadata: { version: 3, parameters: { radius: 4 } },
  },
  { name: "tide-recipe", asset_type: "recipe", metadata: { steps: ["erode", "blend"] } },
  {
    name: "Carcass",
    asset_type: "image",
    content_warning: "A dead animal",
    tags: ["sea"],
    alt: "The bones of a seal on the beach",
  },
  {
    name: "A name that is much longer than any wall label should ever be, kept by an artist who likes whole sentences",
    asset_type: "image",
    tags: [],
  },
  { name: "מגדלור", asset_type: "image", language: "he", tags: ["אור"], description: "מגדלור בלילה" },
];

/** Fills a server with two artists and their works, some contested, changed, withdrawn, shared, liked and answered. */
export async function fillSite(site: Site): Promise<void> {
  const vera = await site.register("vera");
  const otto = await site.register("otto");
  const call = async (method: string, path: string, body: object | undefined, token: string) => {
    const answer = await site.json(method, path, body, token);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await call(
    "PATCH",
    "/users/vera",
    {
      name: "Vera Molnár-Kiss",
      summary: "I draw with the tide.\nWorks on request.",
      fields: [
        { name: "Studio", value: "https://studio.example/vera" },
        { name: "Place", value: "Wissant" },
      ],
    },
    vera,
  );
  for (const work of works) {
    await call("POST", "/assets", { ...work, content_hash: hashOf(work.name) }, vera);
  }
  const preview = async (
    name: string,
    number: number,
    [width, height]: readonly [number, number],
    token: string,
  ) => {
    const path = `/assets/${encodeURIComponent(name)}/preview`;
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "image/png" };
    const body = new Uint8Array(encodePng(paint(number), width, height));
    const { status } = await site.request(path, { method: "PUT", headers, body });
    if (status !== 200) throw new Error(`PUT ${path}: ${status}`);
  };
  await preview("Low tide at Wissant", 1, [480, 320], vera);
  await preview("Tide clock", 2, [480, 270], vera);
  await preview("Carcass", 3, [320, 320], vera);
  await preview("מגדלור", 4, [240, 360], vera);
  const { image, collage } = makeSamples().runs;
  await call("POST", "/renderers", { l1_server: site.l1 }, vera);
  for (const { id, outputName } of [image, collage]) {
    const run = { run_id: id, l1_server: site.l1, output_name: outputName, verify_bytes: true };
    await call("POST", "/assets/record-run", run, vera);
  }
  const contested = { name: "Mine, I say", content_hash: hashOf("Low tide at Wissant"), asset_type: "image" };
  await call("POST", "/assets", contested, otto);
  for (let number = 1; number <= 24; number++) {
    const name = `Study ${number}`;
    await call(
      "POST",
      "/assets",
      { name, content_hash: hashOf(name), asset_type: "image", post: "none" },
      otto,
    );
    if (number % 3 > 0) await preview(name, number, [240, 180], otto);
  }
  await call("POST", "/assets", { name: "Regretted", content_hash: hashOf("x"), asset_type: "other" }, vera);
  await call("DELETE", "/assets/Regretted", undefined, vera);
  await call("PATCH", "/assets/Tide%20clock", { description: "Twelve hours in ninety seconds." }, vera);
  const { post } = await call("GET", "/assets/Low%20tide%20at%20Wissant", undefined, otto);
  await call("POST", "/assets/Low%20tide%20at%20Wissant/share", undefined, otto);
  await call("POST", "/reactions", { type: "like", object: post }, otto);
  await call(
    "POST",
    "/reactions",
    { type: "reply", object: post, content: "I was there the day before." },
    otto,
  );
}

/** Every page of a server that was filled so. */
export const samplePages: readonly SamplePage[] = [
  { name: "home", path: "/" },
  { name: "assets", path: "/assets" },
  { name: "assets-none", path: "/assets?q=nothing+is+called+so" },
  { name: "asset", path: "/asset/Low%20tide%20at%20Wissant" },
  { name: "asset-sensitive", path: "/asset/Carcass" },
  { name: "asset-contested", path: "/asset/Mine%2C%20I%20say" },
  { name: "asset-rtl", path: "/asset/%D7%9E%D7%92%D7%93%D7%9C%D7%95%D7%A8" },
  { name: "asset-withdrawn", path: "/asset/Regretted", status: 410 },
  { name: "asset-recorded", path: `/asset/${makeSamples().runs.collage.outputName}` },
  { name: "lineage", path: `/asset/${makeSamples().runs.collage.outputName}/lineage` },
  { name: "activities", path: "/activities" },
  { name: "activity", path: "/activities/0" },
  { name: "users", path: "/users" },
  { name: "profile", path: "/users/vera" },
  { name: "followers", path: "/users/vera/followers" },
  { name: "login", path: "/login" },
  { name: "register", path: "/register" },
  { name: "not-found", path: "/nothing/here", status: 404 },
  { name: "own-asset", path: "/asset/Low%20tide%20at%20Wissant", as: "vera" },
  { name: "edit", path: "/asset/Low%20tide%20at%20Wissant/edit", as: "vera" },
  { name: "withdraw", path: "/asset/Low%20tide%20at%20Wissant/withdraw", as: "vera" },
  { name: "deliveries", path: "/assets/Low%20tide%20at%20Wissant/deliveries", as: "vera" },
  { name: "new", path: "/new", as: "vera" },
  { name: "renderers", path: "/renderers", as: "vera" },
  { name: "record-run", path: "/renderers/record", as: "vera" },
  { name: "home-feed", path: "/home", as: "vera" },
  { name: "settings", path: "/settings", as: "vera" },
  { name: "settings-sessions", path: "/settings/sessions", as: "vera" },
  { name: "settings-password", path: "/settings/password", as: "vera" },
  { name: "settings-sign-ins", path: "/settings/sign-ins", as: "vera" },
  { name: "settings-blocks", path: "/settings/blocks", as: "vera" },
  { name: "settings-data", path: "/settings/data", as: "vera" },
  { name: "settings-delete", path: "/settings/delete", as: "vera" },
  { name: "authorize-interaction", path: "/authorize_interaction?uri=%40otto%40{host}", as: "vera" },
  { name: "admin", path: "/admin", as: "alice" },
  { name: "admin-reports", path: "/admin/reports", as: "alice" },
  { name: "admin-users", path: "/admin/users", as: "alice" },
  { name: "admin-blocks", path: "/admin/blocks", as: "alice" },
  { name: "admin-queues", path: "/admin/queues", as: "alice" },
];
