import { Command } from "commander";
import { type Config, loadConfig } from "../config.ts";
import { normalizeDomain } from "../core/domain.ts";
import { createPaths } from "../core/paths.ts";
import { listServerBlocks } from "../db/blocks.ts";
import type { Database } from "../db/schema.ts";
import { CommandError } from "../exit.ts";
import { configureLogging } from "../logging.ts";
import { blockForServer, unblock } from "../registry/block.ts";
import { createCloser, openStore } from "../store.ts";

/** `artdag block`: the domains with which the whole server wants nothing to do. */
export function blockCommand(): Command {
  const add = new Command("add")
    .description("block a domain and its subdomains for the whole server")
    .argument("<domain>")
    .option("--reason <text>", "why, for the list")
    .action((domain: string, { reason }: { reason?: string }) =>
      withStore((config, db) => addBlock(config, db, readDomain(domain), reason ?? null)),
    );
  const remove = new Command("remove")
    .description("lift a block")
    .argument("<domain>")
    .action((domain: string) => withStore((config, db) => removeBlock(config, db, readDomain(domain))));
  const list = new Command("list")
    .description("list what is blocked for the whole server")
    .action(() => withStore(listBlocks));
  return new Command("block")
    .description("manage what is blocked for the whole server")
    .addCommand(add)
    .addCommand(remove)
    .addCommand(list);
}

function readDomain(text: string): string {
  const domain = normalizeDomain(text);
  if (domain == null) throw new CommandError(`${JSON.stringify(text)} is no domain such as example.org.`);
  return domain;
}

async function addBlock(
  config: Config,
  db: Database,
  target: string,
  reason: string | null,
): Promise<string> {
  const result = await blockForServer({ db, paths: createPaths(config.origin) }, [
    { kind: "domain", target, reason },
  ]);
  if (result.type === "own_domain") throw new CommandError(`${target} is this server's own domain.`);
  return result.added > 0 ? `${target} is blocked.` : `${target} was blocked already.`;
}

async function removeBlock(_config: Config, db: Database, target: string): Promise<string> {
  if (!(await unblock(db, null, { kind: "domain", target })))
    throw new CommandError(`${target} is not blocked.`);
  return `${target} is no longer blocked.`;
}

async function listBlocks(_config: Config, db: Database): Promise<string> {
  const blocks = await listServerBlocks(db);
  if (blocks.length === 0) return "Nothing is blocked.";
  return blocks
    .map(({ target }) => target)
    .toSorted()
    .join("\n");
}

/** Does something with the database, and prints what came of it. */
async function withStore(work: (config: Config, db: Database) => Promise<string>): Promise<void> {
  const config = loadConfig(process.env);
  await configureLogging("warning");
  const { opened, close } = createCloser();
  try {
    const { db } = await openStore(config, opened);
    process.stdout.write(`${await work(config, db)}\n`);
  } finally {
    await close();
  }
}
