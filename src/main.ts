import { runOrExit } from "./exit.ts";
import { run } from "./run.ts";

await runOrExit(() => run(process.env));
