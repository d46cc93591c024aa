import { startReferenceL1 } from "./server.ts";

// A renderer in a process of its own. PORT: where to listen, any free port where it is not set; L2_ORIGIN: whose users
// it takes.
const { PORT, L2_ORIGIN = "http://localhost:8200" } = process.env;
const l1 = await startReferenceL1({ l2Origin: L2_ORIGIN, port: Number(PORT ?? 0) });
process.stdout.write(`Reference renderer: ${l1.origin}\n`);
// Ctrl-C may reach it twice, from the terminal and from whoever started it.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => void l1.stop().then(() => process.exit(0)));
}
