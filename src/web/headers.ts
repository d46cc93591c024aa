import { getConnInfo } from "@hono/node-server/conninfo";
import { createMiddleware } from "hono/factory";
import { isLoopback } from "../core/loopback.ts";
import type { Context, WebEnv } from "./context.ts";
import { Problem } from "./problem.ts";

/** Headers of every answer: what a page may load, and what a browser may make of it. */
export const setSecurityHeaders = createMiddleware<WebEnv>(async (c, next) => {
  await next();
  const { origin, l1Servers } = c.get("web");
  const l1 = l1Servers.join(" ");
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    `img-src 'self' https: blob: ${l1}`,
    `media-src 'self' https: blob: ${l1}`,
    "connect-src 'self'",
    `form-action 'self' ${l1}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  // What is no page of ours has a stricter one of its own.
  if (!c.res.headers.has("Content-Security-Policy")) {
    c.header("Content-Security-Policy", policy.map((directive) => directive.trim()).join("; "));
  }
  c.header("X-Content-Type-Options", "nosniff");
  // "no-referrer" would make browsers hide the origin from our own forms, too.
  if (!c.res.headers.has("Referrer-Policy")) c.header("Referrer-Policy", "same-origin");
  if (origin.startsWith("https:")) c.header("Strict-Transport-Security", "max-age=31536000");
});

/** Refuses what was sent to another host's name (421). Loopback names and the health checks always pass. */
export function checkHost(accepted: readonly string[]) {
  const names = new Set(accepted);
  return createMiddleware<WebEnv>(async (c, next) => {
    const host = c.req.header("host") ?? "";
    const hostname = URL.parse(`http://${host}`)?.hostname ?? "";
    const health = c.req.path === "/healthz" || c.req.path === "/readyz";
    if (!health && !names.has(host.toLowerCase()) && !isLoopback(hostname)) {
      throw new Problem(421, `This server is not ${JSON.stringify(host)}.`);
    }
    await next();
  });
}

/** One URL serves pages and documents, so caches must tell them apart. */
export const varyByAccept = createMiddleware<WebEnv>(async (c, next) => {
  await next();
  const varies = c.res.headers.get("Vary")?.split(/\s*,\s*/) ?? [];
  if (!varies.includes("Accept")) c.res.headers.append("Vary", "Accept");
});

/** The address that the connection of a request is from; `undefined` where there is no connection. */
export function findPeer(c: Context): string | undefined {
  const server: unknown = c.env;
  const connected = typeof server === "object" && server != null && "incoming" in server;
  return connected ? getConnInfo(c).remote.address : undefined;
}
