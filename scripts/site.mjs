// A server with a database of its own beside the reference renderer of the tests, each in a process of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");

/**
 * Prepares a site for that administrator. `start` gives where it is and his password, or `undefined` where it was
 * stopped meanwhile; `stop` takes everything away again, whenever it comes. `failed` is told when a program ends unasked.
 */
export async function prepareSite(username, failed) {
  const data = await mkdtemp(path.join(tmpdir(), "artdag-demo-"));
  /** The last one started first. */
  const children = [];
  let stopping;

  async function start(port = process.env.PORT) {
    const l2Port = port ?? String(await findFreePort());
    const l2 = `http://localhost:${l2Port}`;
    const l1 = await launch("The renderer", /: (http:\S+)/, "test/reference-l1/main.ts", { L2_ORIGIN: l2 });
    if (stopping != null) return undefined;
    const password = await launch("The server", /password +(\S+)[\s\S]*data are in/, "dist/src/main.js", {
      HOST: "127.0.0.1",
      PORT: l2Port,
      ARTDAG_DATA: data,
      ARTDAG_USER: username,
      ARTDAG_LOG: "warning",
      L1_SERVERS: l1,
    });
    return stopping == null ? { l2, l1, password } : undefined;
  }

  /** Starts a program, and gives what it says when it is ready. What else it prints is shown where it ends unasked. */
  function launch(title, announcement, file, env) {
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(process.execPath, [file], {
      cwd: root,
      env: { PATH, HOME, ...(TMPDIR == null ? {} : { TMPDIR }), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C is for us alone: a server that it met while starting would leave its database running.
      detached: true,
    });
    const { promise: ready, resolve } = Promise.withResolvers();
    const ended = new Promise((resolve) => {
      child.once("error", resolve);
      child.once("close", resolve);
    });
    let output = "";
    child.stderr.pipe(process.stderr);
    child.stdout.on("data", (chunk) => {
      output += chunk;
      const said = announcement.exec(output)?.[1];
      if (said != null) resolve(said);
    });
    child.once("close", () => {
      if (stopping == null) failed(`${title} has ended unexpectedly.\n${output}`);
      resolve();
    });
    children.unshift({ child, ended, ready });
    return ready;
  }

  /** Stops what runs, the last started first. */
  function stop() {
    stopping ??= (async () => {
      for (const { child, ended, ready } of children) {
        // One that hangs while it starts is told all the same.
        await Promise.race([ready, new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
        child.kill("SIGTERM");
        await ended;
      }
      await rm(data, { recursive: true, force: true });
    })();
    return stopping;
  }

  return { start, stop };
}

async function findFreePort() {
  const probe = createServer();
  await new Promise((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const { port } = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}
