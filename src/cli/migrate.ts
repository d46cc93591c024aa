import { Command } from "commander";
import { loadConfig } from "../config.ts";
import { configureLogging } from "../logging.ts";
import { createCloser, openStore } from "../store.ts";

/** `artdag migrate`: brings the database to the newest schema, as every start does. */
export function migrateCommand(): Command {
  return new Command("migrate").description("bring the database to the newest schema").action(async () => {
    const config = loadConfig(process.env);
    await configureLogging(config.logLevel);
    const { opened, close } = createCloser();
    try {
      await openStore(config, opened);
      process.stdout.write("The database is up to date.\n");
    } finally {
      await close();
    }
  });
}
