import { z } from "zod";
import { type ContentHash, parseContentHash } from "../core/content-hash.ts";
import { isStorableText, truncate } from "../core/text.ts";

/** What a renderer says of a run. Nothing of it is known to be true. */
export interface Run {
  readonly status: string;
  /** What it was made of, by hash or by a name alone. */
  readonly recipe?: { readonly name: string } | { readonly contentHash: ContentHash };
  readonly inputs: readonly RunInput[];
  /** There once the run is completed. */
  readonly output?: ContentHash;
  /** Whose run it is, in the renderer's spelling; nobody where it does not say. */
  readonly owners: readonly string[];
  readonly started?: Date;
  readonly completed?: Date;
  /** Why it failed, in the renderer's words. */
  readonly error?: string;
}

export interface RunInput {
  readonly name?: string;
  readonly contentHash: ContentHash;
}

export type ParsedRun =
  | { readonly type: "run"; readonly run: Run }
  /** Says why, as the rest of a sentence that begins with the renderer, without a full stop. */
  | { readonly type: "unusable"; readonly reason: string };

/** A claim is to stay readable, and nobody reads more of it. */
export const maxRunInputs = 1000;

const label = z
  .string()
  .max(255, "is longer than 255 characters")
  .refine((text) => isStorableText(text) && !/\p{Cc}/u.test(text), "contains control characters");

const hash = z.string().transform((text, context) => {
  const found = parseContentHash(text);
  if (found != null) return found;
  context.addIssue({ code: "custom", message: "is neither a SHA3-256 hash nor a CID" });
  return z.NEVER;
});

const inputs = z
  .union([z.array(z.unknown()), z.looseObject({})], "is neither a list nor an object")
  .transform((value) =>
    Array.isArray(value)
      ? value.map((contentHash) => ({ contentHash }))
      : Object.entries(value).map(([name, contentHash]) => ({ name, contentHash })),
  )
  .pipe(
    z
      .array(z.object({ name: label.optional(), contentHash: hash }))
      .max(maxRunInputs, `names more than ${maxRunInputs} of them`),
  );

const schema = z.object({
  run_id: z.string("is missing"),
  status: z.string("is missing"),
  recipe: label.nullish(),
  inputs: inputs.nullish(),
  output_hash: hash.nullish(),
  username: z.string("is no text").max(2048).nullish(),
  requesters: z.array(z.string().max(2048)).max(10_000).nullish(),
  created_at: z.unknown().optional(),
  completed_at: z.unknown().optional(),
  error: z.unknown().optional(),
});

/** Reads what a renderer answered when it was asked for the run of that id. Never throws. */
export function parseRun(text: string, runId: string): ParsedRun {
  const json = parseJson(text);
  if (json === undefined) return unusable("answered with something that is not JSON");
  const result = schema.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join(".") ?? "";
    const what = field === "" ? "it is no JSON object" : `${field} ${issue?.message ?? "can't be read"}`;
    return unusable(`answered with something that is no run: ${truncate(what, 300)}`);
  }
  const { data } = result;
  if (data.run_id !== runId) return unusable("answered with another run than it was asked for");
  if (data.status === "completed" && data.output_hash == null) {
    return unusable("says that the run is completed, but not what came out of it: output_hash is missing");
  }
  return { type: "run", run: toRun(data) };
}

function toRun(data: z.output<typeof schema>): Run {
  const started = parseTime(data.created_at);
  const completed = parseTime(data.completed_at);
  const owners = [data.username ?? "", ...(data.requesters ?? [])].filter((owner) => owner.trim() !== "");
  return {
    status: data.status,
    inputs: (data.inputs ?? []).map(({ name, contentHash }) => ({
      contentHash,
      ...(name == null || name === "" ? {} : { name }),
    })),
    owners,
    ...(data.recipe == null || data.recipe === "" ? {} : { recipe: toRecipe(data.recipe) }),
    ...(data.output_hash == null ? {} : { output: data.output_hash }),
    ...(started == null ? {} : { started }),
    ...(completed == null ? {} : { completed }),
    ...(typeof data.error === "string" && data.error.trim() !== "" ? { error: data.error } : {}),
  };
}

function toRecipe(text: string): { name: string } | { contentHash: ContentHash } {
  const contentHash = parseContentHash(text);
  return contentHash == null ? { name: text } : { contentHash };
}

/** ISO 8601; without a zone it is UTC. What can't be read is left out, as nothing depends on it. */
function parseTime(value: unknown): Date | undefined {
  const match =
    typeof value === "string"
      ? /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)?$/i.exec(value)
      : null;
  if (match == null) return undefined;
  const [, day, time, zone] = match;
  const date = new Date(`${day}T${time}${zone ?? "Z"}`);
  const year = Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? date : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(reason: string): ParsedRun {
  return { type: "unusable", reason };
}
