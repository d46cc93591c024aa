import { beforeAll } from "vitest";
import { configureLogging } from "../../src/logging.ts";

// What nobody expected shows beside the test that met it; ARTDAG_LOG shows more.
beforeAll(async () => {
  const level = process.env["ARTDAG_LOG"];
  await configureLogging(level === "debug" || level === "info" || level === "warning" ? level : "error");
});
