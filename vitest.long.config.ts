import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** What takes too long for every run: `npm run test:long`. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  defineConfig({ test: { include: ["test/long/*.long.ts"], testTimeout: 600_000, maxWorkers: 1 } }),
);
