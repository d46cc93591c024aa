import { Command } from "commander";
import { run } from "../run.ts";

/** `artdag serve`: the same as `npm start`, without the build. */
export function serveCommand(): Command {
  return new Command("serve").description("run the server").action(() => run(process.env));
}

/** `artdag worker`: does the jobs behind the requests, and answers none. */
export function workerCommand(): Command {
  return new Command("worker")
    .description("run a process that delivers and receives, and serves no pages")
    .action(() => {
      return run({ ...process.env, ARTDAG_ROLE: "worker" });
    });
}
