// Starts a server beside a renderer with sample works, says what to click through, and takes everything away again in the
// end. PORT: where the server listens, any free port where it is not set.
import { makeSamples } from "../test/reference-l1/samples.ts";
import { prepareSite } from "./site.mjs";

const username = "demo";
const site = await prepareSite(username, (message) => {
  process.stderr.write(message);
  void end(1);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    process.stdout.write("\nStopping ...\n");
    void end(0);
  });
}

const started = await site.start();
if (started != null) process.stdout.write(describe(started));

async function end(code) {
  await site.stop();
  process.exit(code);
}

function describe({ l2, l1, password }) {
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
