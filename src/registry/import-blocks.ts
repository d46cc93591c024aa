import { normalizeDomain, normalizeIri } from "../core/domain.ts";
import { parseHandle } from "../core/handle.ts";
import { type CsvDomainBlock, type LineError } from "../core/mastodon-csv.ts";
import { isStorableText } from "../core/text.ts";
import { findActorByHandle } from "../db/blocks.ts";
import { block, type Blocker, type NewBlock } from "./block.ts";
import type { RegistryContext } from "./context.ts";

/** Lines that one list may have. */
const maxLines = 10_000;
/** How long handles are looked up for one list, in milliseconds, and how many at once. */
const lookUpTime = 20_000;
const lookUps = 8;

type Context = Pick<RegistryContext, "db" | "paths" | "publish">;

/** Finds the IRI of the actor with a handle, over the network. */
type FindActor = (handle: string) => Promise<string | undefined>;

export interface ImportResult {
  /** Blocks that were not there before. */
  readonly added: number;
  /** What was not taken, by line. The rest was. */
  readonly errors: readonly LineError[];
}

type Parsed = { readonly line: number } & ({ readonly block: NewBlock } | { readonly message: string });

/** Blocks the domains of a list. */
export async function importDomains(
  context: Context,
  blocker: Blocker,
  lines: readonly CsvDomainBlock[],
): Promise<ImportResult> {
  const own = normalizeDomain(context.paths.host);
  const parsed = lines.map(({ line, domain, comment }): Parsed => {
    const target = normalizeDomain(domain);
    if (target == null) return { line, message: `${JSON.stringify(domain.slice(0, 100))} is no domain` };
    if (target === own) return { line, message: `${target} is this server's own domain` };
    if (comment != null && !isStorableText(comment))
      return { line, message: "the comment is not well-formed text" };
    return { line, block: { kind: "domain", target, reason: comment?.slice(0, 500) ?? null } };
  });
  return await take(context, blocker, parsed);
}

/**
 * Blocks the accounts of a list: handles, or IRIs of actors. Handles that nobody here has heard of are looked up, as
 * long as there is time; the others' lines say that they may be tried again.
 */
export async function importAccounts(
  context: Context,
  blocker: Blocker,
  lines: readonly { readonly line: number; readonly value: string }[],
  findActor: FindActor,
): Promise<ImportResult> {
  const deadline = Date.now() + lookUpTime;
  const parsed: Parsed[] = [];
  const waiting = lines.slice(0, maxLines).values();
  const worker = async () => {
    for (const { line, value } of waiting) {
      const target = await resolve(context, value, Date.now() < deadline ? findActor : undefined);
      parsed.push({ line, ...target });
    }
  };
  await Promise.all(Array.from({ length: lookUps }, worker));
  const result = await take(context, blocker, parsed);
  return lines.length <= maxLines ? result : { ...result, errors: [...result.errors, tooLong] };
}

const tooLong: LineError = {
  line: maxLines + 1,
  message: `a list has at most ${maxLines} lines; the rest was left`,
};

async function resolve(
  { db }: Context,
  value: string,
  findActor: FindActor | undefined,
): Promise<{ block: NewBlock } | { message: string }> {
  const shown = JSON.stringify(value.slice(0, 100));
  const handle = parseHandle(value);
  const iri = handle == null ? normalizeIri(value) : await findActorByHandle(db, handle);
  if (iri != null) return { block: { kind: "actor", target: normalizeIri(iri) ?? iri, reason: null } };
  if (handle == null) return { message: `${shown} is no handle` };
  if (findActor == null) return { message: `${shown} could not be looked up in time; import it again` };
  const found = await findActor(value);
  if (found == null) return { message: `${shown} was not found` };
  return { block: { kind: "actor", target: normalizeIri(found) ?? found, reason: null } };
}

async function take(context: Context, blocker: Blocker, parsed: readonly Parsed[]): Promise<ImportResult> {
  const taken = parsed.slice(0, maxLines);
  const blocks = taken.flatMap((line) => ("block" in line ? [line.block] : []));
  const errors: LineError[] = taken.flatMap((line) =>
    "message" in line ? [{ line: line.line, message: line.message }] : [],
  );
  if (parsed.length > maxLines) errors.push(tooLong);
  const result = await block(context, blocker, blocks);
  return {
    added: result.type === "blocked" ? result.added : 0,
    errors: errors.toSorted((one, other) => one.line - other.line),
  };
}
