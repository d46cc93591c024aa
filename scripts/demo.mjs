// Starts a server with a database of its own beside the reference renderer of the tests, says what to click through, and
// takes everything away again in the end. PORT: where the server listens, any free port where it is not set.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeSamples } from "../test/reference-l1/samples.ts";

const root = path.join(import.meta.dirname, "..");
const username = "demo";
/** The last one started first. */
const children = [];
let stopping;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    process.stdout.write("\nStopping ...\n");
    void stop(0);
  });
}

const data = await mkdtemp(path.join(tmpdir(), "artdag-demo-"));
await start();

async function start() {
  const port = process.env.PORT ?? String(await findFreePort());
  const l2 = `http://localhost:${port}`;
  const l1 = await launch("The renderer", /: (http:\S+)/, "test/reference-l1/main.ts", { L2_ORIGIN: l2 });
  if (stopping != null) return;
  const password = await launch("The server", /password +(\S+)[\s\S]*data are in/, "dist/src/main.js", {
    HOST: "127.0.0.1",
    PORT: port,
    ARTDAG_DATA: data,
    ARTDAG_USER: username,
    ARTDAG_LOG: "warning",
    L1_SERVERS: l1,
  });
  if (stopping == null) process.stdout.write(describe(l2, l1, password));
}

function describe(l2, l1, password) {
  const { image, collage } = makeSamples().runs;
  return `
Art DAG L2   ${l2}
Renderer     ${l1}

  user       ${username}
  password   ${password}

  1. Sign in at ${l2}/login
  2. Attach the renderer at ${l2}/renderers: you arrive there, signed in as ${username}
  3. Copy the id of the run "${image.outputName}": ${image.id}
  4. Go back to ${l2}/renderers and record that run under the name "${image.outputName}"
  5. Record the run "${collage.outputName}", too: ${collage.id}
  6. See where it comes from: ${l2}/asset/${collage.outputName}

Everything is thrown away in the end. Stop with Ctrl-C.
`;
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
    if (stopping == null) {
      process.stderr.write(`${title} has ended unexpectedly.\n${output}`);
      void stop(1);
    }
    resolve();
  });
  children.unshift({ child, ended, ready });
  return ready;
}

/** Stops what runs, the last started first, and ends the process. */
function stop(code) {
  stopping ??= (async () => {
    for (const { child, ended, ready } of children) {
      await ready;
      child.kill("SIGTERM");
      await ended;
    }
    await rm(data, { recursive: true, force: true });
    process.exit(code);
  })();
  return stopping;
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
