import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";
import { openJobs } from "../../src/federation/jobs.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The cluster of this run, at a database where test databases are made. */
    postgresUrl: string;
  }
}

/** Starts a throw-away PostgreSQL with a migrated database, of which every test file gets a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(path.join(tmpdir(), "artdag-test-"));
  const settings = { fsync: "off", max_connections: "300" };
  const postgres = await startEmbeddedPostgres(directory, { settings });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query("create database template_artdag");
  await client.end();
  const template = new URL(postgres.url);
  template.pathname = "/template_artdag";
  await migrate(template.href);
  const jobs = await openJobs(template.href);
  await jobs.stop();
  project.provide("postgresUrl", postgres.url);
  return async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
