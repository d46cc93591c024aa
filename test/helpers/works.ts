import { toProvenanceJson } from "../../src/claims/provenance.ts";
import { parseContentHash } from "../../src/core/content-hash.ts";
import { findUser } from "../../src/db/users.ts";
import { registerAsset, type RegisterAssetResult } from "../../src/registry/register-asset.ts";
import type { TestServer } from "./server.ts";

export interface MadeWork {
  readonly name: string;
  readonly hash: string;
  /** Hashes, by what the run calls them, or in a list. */
  readonly inputs?: readonly string[] | Readonly<Record<string, string>>;
  readonly recipe?: string;
}

/** A content hash that can be told from others by its beginning. */
export function hashOf(text: string): string {
  return Buffer.from(text).toString("hex").padEnd(64, "0").slice(0, 64);
}

/** Registers a work as a user's, with the run that made it of others. */
export async function registerWork(
  server: TestServer,
  username: string,
  { name, hash, inputs = [], recipe }: MadeWork,
): Promise<RegisterAssetResult> {
  const { registry } = server.resources.web;
  const user = await findUser(registry.db, username);
  if (user == null) throw new Error(`there is no ${username}`);
  const named: [string | undefined, string][] = Array.isArray(inputs)
    ? inputs.map((value: string) => [undefined, value])
    : Object.entries(inputs as Record<string, string>);
  const provenance = toProvenanceJson({
    run: "https://l1.example/runs/run-1",
    renderer: "https://l1.example",
    ...(recipe == null ? {} : { recipe: { contentHash: read(recipe) } }),
    inputs: named.map(([label, value]) => ({
      ...(label == null ? {} : { name: label }),
      contentHash: read(value),
    })),
    runDigest: "c".repeat(64),
    evidence: "stated-by-renderer",
  });
  return await registerAsset(registry, user, {
    name,
    contentHash: read(hash),
    assetType: "image",
    tags: [],
    sensitive: false,
    post: "public",
    provenance,
  });
}

function read(text: string) {
  const hash = parseContentHash(text);
  if (hash == null) throw new Error(`${text} is no content hash`);
  return hash;
}
