import { randomBytes } from "node:crypto";
import path from "node:path";
import { Command } from "commander";
import { createInvite } from "../accounts/invites.ts";
import { createKeyRing } from "../accounts/key-ring.ts";
import { createPasswords } from "../accounts/passwords.ts";
import { registerUser } from "../accounts/register.ts";
import { type Config, loadConfig } from "../config.ts";
import { findUsernameProblem, foldUsername } from "../core/username.ts";
import type { Database } from "../db/schema.ts";
import { CommandError } from "../exit.ts";
import { configureLogging } from "../logging.ts";
import { createCloser, openStore } from "../store.ts";

/** `artdag user`: what an administrator does with accounts. */
export function userCommand(): Command {
  const add = new Command("add")
    .description(
      "make an account, also for a name whose keys the Python server has left; prints its password",
    )
    .argument("<name>")
    .action((name: string) => withStore((config, db) => addUser(config, db, name)));
  const invite = new Command("invite")
    .description("make an invitation, good for one account within a week (ARTDAG_REGISTRATION=invite)")
    .action(() => withStore(inviteUser));
  return new Command("user").description("manage accounts").addCommand(add).addCommand(invite);
}

async function addUser(config: Config, db: Database, name: string): Promise<string> {
  const username = foldUsername(name);
  const problem = findUsernameProblem(username);
  if (problem != null) throw new CommandError(`${JSON.stringify(username)} ${problem}.`);
  const password = randomBytes(12).toString("base64url");
  const keys = createKeyRing(path.join(config.data, "keys"));
  const { type } = await registerUser(
    { db, keys, passwords: createPasswords() },
    { username, password },
    { mayInherit: true },
  );
  if (type !== "registered") throw new CommandError(`The username ${username} is taken.`);
  return `${username} may sign in at ${config.origin}/login with the password ${password}`;
}

async function inviteUser(config: Config, db: Database): Promise<string> {
  return `Whoever has this link may register once, within a week:\n${config.origin}/register?invite=${await createInvite(db)}`;
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
