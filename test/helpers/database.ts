import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, inject } from "vitest";

/** Makes a database of this test file's own, migrated or empty, and gives its URL. It is dropped in the end. */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await execute(
    `create database ${name} template ${options.empty === true ? "template0" : "template_artdag"}`,
  );
  afterAll(() => execute(`drop database ${name} with (force)`));
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  return url.href;
}

async function execute(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  try {
    // Another file may be copying the template at this moment, which PostgreSQL refuses to share for a little while.
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(statement);
        return;
      } catch (error) {
        if (attempt === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await client.end();
  }
}
