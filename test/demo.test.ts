import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { eventually, makeTemporaryDirectory } from "./helpers/server.ts";

const root = path.join(import.meta.dirname, "..");

interface Process {
  readonly id: number;
  readonly parent: number;
}

async function listProcesses(): Promise<Process[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, "utf8").catch(() => "")));
  return stats.flatMap((stat) => {
    // The name of a program, in brackets, may contain anything; a Z is over and waits for its parent.
    const [, id, state, parent] = /^(\d+) \(.*\) (\S) (\d+)/s.exec(stat) ?? [];
    return state == null || state === "Z" ? [] : [{ id: Number(id), parent: Number(parent) }];
  });
}

function findDescendants(processes: readonly Process[], id: number): number[] {
  const children = processes.filter(({ parent }) => parent === id);
  return children.flatMap((child) => [child.id, ...findDescendants(processes, child.id)]);
}

interface Demo {
  output(): string;
  descendants(): Promise<number[]>;
  /** Sends Ctrl-C, and gives the exit code and what is left of files and processes. */
  interrupt(): Promise<{ code: number | null; processes: number[]; files: string[] }>;
}

async function startDemo(): Promise<Demo> {
  const temporary = await makeTemporaryDirectory();
  const child = spawn("npm", ["run", "--silent", "demo"], {
    cwd: root,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], TMPDIR: temporary },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  let over = false;
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (code) => {
      over = true;
      resolve(code);
    }),
  );
  const id = child.pid ?? 0;
  const signal = async (name: NodeJS.Signals) => {
    const own = (await listProcesses()).filter(({ parent }) => parent === id);
    // A terminal sends Ctrl-C to npm and to what it runs.
    for (const receiver of [id, ...own.map((process) => process.id)]) process.kill(receiver, name);
  };
  afterAll(async () => {
    if (!over) await signal("SIGTERM");
    await ended;
  });
  return {
    output: () => output,
    descendants: async () => findDescendants(await listProcesses(), id),
    async interrupt() {
      const before = findDescendants(await listProcesses(), id);
      await signal("SIGINT");
      const code = await ended;
      const left = new Set((await listProcesses()).map((process) => process.id));
      const files = (await readdir(temporary)).filter((name) => name.startsWith("artdag"));
      return { code, processes: before.filter((descendant) => left.has(descendant)), files };
    },
  };
}

/** For a start on a busy machine, in milliseconds. */
const limit = 60_000;
const nothingLeft = { code: 0, processes: [], files: [] };

test(
  "npm run demo says where server and renderer are and how to sign in, and leaves nothing behind after Ctrl-C",
  async () => {
    const demo = await startDemo();
    await eventually("the demo is ready", async () => /Ctrl-C/.exec(demo.output()) ?? undefined, limit);
    const read = (pattern: RegExp) => pattern.exec(demo.output())?.[1] ?? "";
    const [l2, l1] = [read(/^Art DAG L2 +(\S+)$/m), read(/^Renderer +(\S+)$/m)];
    expect((await fetch(`${l2}/readyz`)).status).toBe(200);
    const login = await fetch(`${l2}/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: read(/user +(\S+)/), password: read(/password +(\S+)/) }),
    });
    expect(login.status).toBe(200);
    expect(await (await fetch(l1)).text()).toContain(`${l2}/renderers`);
    const runs = [...demo.output().matchAll(/: ([0-9a-f]{32})$/gm)].map(([, run]) => run);
    expect(runs.length).toBe(2);
    for (const run of runs) {
      expect(await (await fetch(`${l1}/runs/${run}`)).json()).toMatchObject({ status: "completed" });
    }
    // npm's child, renderer, server, PostgreSQL.
    expect((await demo.descendants()).length).toBeGreaterThanOrEqual(4);
    expect(await demo.interrupt()).toEqual(nothingLeft);
  },
  2 * limit,
);

test(
  "Ctrl-C while the demo's server has its database but is not ready leaves nothing behind either",
  async () => {
    const demo = await startDemo();
    const isPostgres = (command: string) => /\bpostgres\0-D\0/.test(command);
    await eventually(
      "PostgreSQL is starting",
      async () => {
        const commands = await Promise.all(
          (await demo.descendants()).map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")),
        );
        return commands.some(isPostgres) ? true : undefined;
      },
      limit,
    );
    expect(await demo.interrupt()).toEqual(nothingLeft);
  },
  2 * limit,
);
