import { execFile, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startTestServer } from "./helpers/server.ts";

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

/** The README's first block of curl commands, for a server at another address. */
async function readCommands(origin: string): Promise<string> {
  const readme = await readFile(path.join(import.meta.dirname, "../README.md"), "utf8");
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  const commands = blocks.find((block) => block.includes("auth/register")) ?? "";
  return commands
    .replaceAll("http://localhost:8200", origin)
    .replaceAll("localhost:8200", new URL(origin).host)
    .replaceAll(/^curl -s/gm, "curl -sf -w '\\n--- %{content_type}\\n'");
}

test.runIf(hasCurl)(
  "whoever types the README's curl commands sees each of them answered as it says",
  async () => {
    const server = await startTestServer({ ARTDAG_USER: "giles" });
    const script = await readCommands(server.origin);
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script]);
    // Bodies and content types take turns.
    const parts = stdout.split(/\n--- (.*)\n/);
    const types = parts.filter((_part, index) => index % 2 === 1);
    expect(types).toEqual([
      "application/json",
      "application/json",
      "application/json",
      "application/json",
      "application/json",
      "application/activity+json",
      "application/activity+json",
      "application/jrd+json",
      "application/activity+json",
      "application/activity+json",
      "application/activity+json",
      "text/html; charset=UTF-8",
    ]);
    const registered = JSON.parse(parts[4] ?? "");
    expect(registered.asset).toMatchObject({
      name: "my-video",
      owner: "alice",
      tags: ["art", "generated"],
      index: 0,
    });
  },
);
