import { ConfigError } from "./config.ts";
import { StartError } from "./guards.ts";

/** Why a command could not do what it was asked for, in words for whoever typed it. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Does the work of a process. When it fails, says why and ends the process with 1; a stack is for surprises only. */
export async function runOrExit(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exit(1);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected =
    error instanceof CommandError || error instanceof ConfigError || error instanceof StartError;
  return expected ? error.message : String(error.stack);
}
