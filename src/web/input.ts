import type { z } from "zod";
import { asObject } from "../claims/json.ts";
import { readBody } from "../core/read-body.ts";
import { checkInput } from "./check-input.ts";
import type { Context } from "./context.ts";
import { Problem } from "./problem.ts";

const maxBody = 256 * 1024;
const json = "application/json";
const form = "application/x-www-form-urlencoded";

/** Reads the JSON object (or, where allowed, the form) that a request carries, and checks it against a schema. */
export async function readInput<T extends z.ZodType>(
  c: Context,
  schema: T,
  options: { form?: boolean } = {},
): Promise<z.output<T>> {
  const type = requireType(c, options.form === true ? [json, form] : [json]);
  const text = await readText(c);
  return checkInput(schema, type === form ? parseForm(text) : parseJson(text));
}

/** The same, JSON or a form, for a request that may say all in its header. */
export async function readOptionalInput<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const text = await readText(c);
  if (text.trim() === "") return checkInput(schema, {});
  const type = requireType(c, [json, form]);
  return checkInput(schema, type === form ? parseForm(text) : parseJson(text));
}

/** The fields of a form that a page has sent. */
export async function readForm(c: Context): Promise<Record<string, string>> {
  requireType(c, [form]);
  return parseForm(await readText(c));
}

/** Whether a request carries a form, not JSON. */
export function isForm(c: Context): boolean {
  return c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() === form;
}

/** The body's media type, which must be one of those. */
function requireType(c: Context, types: readonly string[]): string {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type != null && types.includes(type)) return type;
  throw new Problem(415, `The body must be sent as ${types.join(" or ")}.`);
}

async function readText(c: Context): Promise<string> {
  const body = await readBody(c.req.raw.body, { bytes: maxBody, time: c.get("web").uploadTime });
  if (body.type === "too_large") throw new Problem(413, "The body must have at most 256 KiB.");
  if (body.type === "too_slow") throw new Problem(408, "The body did not arrive in time.");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body.bytes);
  } catch {
    throw new Problem(400, "The body must be text in UTF-8.");
  }
}

function parseForm(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function parseJson(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(400, "The body must be valid JSON.");
  }
  const object = asObject(value);
  if (object == null) throw new Problem(400, "The body must be a JSON object.");
  return object;
}
