import path from "node:path";
import { Command } from "commander";
import { ensureKeys, KeyFileError } from "../accounts/key-files.ts";
import { loadConfig } from "../config.ts";
import { findUsernameProblem, foldUsername } from "../core/username.ts";
import { CommandError } from "../exit.ts";
import { configureLogging } from "../logging.ts";

/** `artdag keys`: makes what is missing of a user's keys. It overwrites nothing. */
export function keysCommand(): Command {
  return new Command("keys")
    .description("make the signing keys of a user where they are missing; nothing is ever overwritten")
    .option("--data-dir <directory>", "the data directory (default: ARTDAG_DATA)")
    .option("--user <name>", "the user (default: ARTDAG_USER)")
    .action(async (options: { dataDir?: string; user?: string }) => {
      const config = loadConfig(process.env);
      await configureLogging("warning");
      const user = foldUsername(options.user ?? config.admin);
      const problem = findUsernameProblem(user);
      if (problem != null) throw new CommandError(`--user: ${JSON.stringify(user)} ${problem}.`);
      const directory = path.join(options.dataDir ?? config.data, "keys");
      process.stdout.write(describe(directory, user, await make(directory, user)));
    });
}

async function make(directory: string, user: string): Promise<string[]> {
  try {
    return (await ensureKeys(directory, user)).created;
  } catch (error) {
    if (error instanceof KeyFileError) throw new CommandError(error.message);
    throw error;
  }
}

function describe(directory: string, user: string, created: readonly string[]): string {
  if (created.length === 0) return `${user} has all keys already, in ${directory}. Nothing was changed.\n`;
  return `Made for ${user}:\n${created.map((file) => `  ${file}\n`).join("")}Back them up: whoever loses them can't sign as ${user} again.\n`;
}
