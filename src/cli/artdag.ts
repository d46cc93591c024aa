#!/usr/bin/env node
import { Command } from "commander";
import { runOrExit } from "../exit.ts";
import { version } from "../version.ts";
import { blockCommand } from "./block.ts";
import { keysCommand } from "./keys.ts";
import { migrateCommand } from "./migrate.ts";
import { serveCommand, workerCommand } from "./serve.ts";
import { userCommand } from "./user.ts";

const program = new Command("artdag")
  .description("The ownership registry of Art DAG. It is configured by the environment; see the README.")
  .version(version)
  .addCommand(serveCommand())
  .addCommand(workerCommand())
  .addCommand(migrateCommand())
  .addCommand(keysCommand())
  .addCommand(userCommand())
  .addCommand(blockCommand());

await runOrExit(() => program.parseAsync());
