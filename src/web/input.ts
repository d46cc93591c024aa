import type { z } from "zod";
import { readBody } from "../core/read-body.ts";
import type { Context } from "./context.ts";
import { invalidInput, Problem, toFieldErrors } from "./problem.ts";

const maxBody = 256 * 1024;

/** Reads the JSON (or, where allowed, the form) that a request carries, and checks it against a schema. */
export async function readInput<T extends z.ZodType>(
  c: Context,
  schema: T,
  options: { form?: boolean } = {},
): Promise<z.output<T>> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  const isForm = type === "application/x-www-form-urlencoded";
  if (isForm && options.form !== true) throw wrongType(options);
  if (!isForm && type !== "application/json") throw wrongType(options);
  const text = await readText(c);
  const result = schema.safeParse(isForm ? Object.fromEntries(new URLSearchParams(text)) : parseJson(text));
  if (!result.success) throw invalidInput(toFieldErrors(result.error));
  return result.data;
}

/** The fields of a form that a page has sent. */
export async function readForm(c: Context): Promise<Record<string, string>> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    throw new Problem(415, "The form must be sent as application/x-www-form-urlencoded.");
  }
  return Object.fromEntries(new URLSearchParams(await readText(c)));
}

async function readText(c: Context): Promise<string> {
  const body = await readBody(c.req.raw.body, maxBody);
  if (body == null) throw new Problem(413, "The body must have at most 256 KiB.");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new Problem(400, "The body must be text in UTF-8.");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, "The body must be valid JSON.");
  }
}

function wrongType({ form }: { form?: boolean }): Problem {
  const types = form === true ? "application/json or application/x-www-form-urlencoded" : "application/json";
  return new Problem(415, `The body must be sent as ${types}.`);
}
