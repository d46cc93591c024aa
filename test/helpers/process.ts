import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { afterAll } from "vitest";
import { eventually, findFreePort, noLimits } from "./server.ts";

const root = path.join(import.meta.dirname, "../..");

/** A server in a process of its own, started from what was built, as `npm start` does it. */
export interface ServerProcess {
  readonly origin: string;
  readonly port: number;
  /** What it has printed so far. */
  output(): string;
  /** Sends a signal and waits for the end; gives the exit code, `null` after a signal that could not be handled. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Starts a server and waits until it is ready. What is not stopped by the test is killed after the tests of the file. */
export async function startProcess(env: Record<string, string>): Promise<ServerProcess> {
  const port = Number(env["PORT"] ?? (await findFreePort()));
  const { child, output, ended } = launch(["dist/src/main.js"], {
    PORT: String(port),
    HOST: "127.0.0.1",
    ARTDAG_CACHE_SECONDS: "0",
    ...env,
  });
  const deadline = Date.now() + 60_000;
  while (!/ ready[: ]/.test(output())) {
    if (child.exitCode != null) throw new Error(`the server ended with ${child.exitCode}:\n${output()}`);
    if (Date.now() > deadline) throw new Error(`the server was not ready within 60 s:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    origin: `http://localhost:${port}`,
    port,
    output,
    kill(signal) {
      // Not child.kill(): Deno then reports the signal as the cause of the end, whatever the process made of it.
      if (child.pid != null) process.kill(child.pid, signal);
      return ended;
    },
  };
}

/** Starts the reference renderer in a process of its own, for the users of a server; gives its origin. */
export async function startRendererProcess(l2Origin: string): Promise<string> {
  const { output } = launch(["test/reference-l1/main.ts"], { L2_ORIGIN: l2Origin });
  return await eventually("the renderer is there", async () => /: (http:\S+)/.exec(output())?.[1], 20_000);
}

/** Runs a file of dist/ to its end, and gives its exit code and all that it printed. */
export async function runToEnd(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const { output, ended } = launch(args, env);
  return { code: await ended, output: output() };
}

function launch(args: string[], env: Record<string, string>) {
  const deno = "deno" in process.versions;
  const child = spawn(process.execPath, [...(deno ? ["run", "-A"] : []), ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], L1_SERVERS: "", ...noLimits, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let text = "";
  const collect = (chunk: Buffer) => (text += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  return { child, output: () => text, ended };
}

/** Kills what a test has left running. To be called once in a file that starts processes. */
export function killLeftovers(): void {
  afterAll(async () => {
    for (const child of running) {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGKILL");
      await ended;
    }
  });
}
