import { beforeAll, describe, expect, test } from "vitest";
import { eventually, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

let server: TestServer;
let admin: string;
let vera: string;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.logIn();
  vera = await server.register("vera");
});

const report = async () => (await server.json("GET", "/admin/queues", undefined, admin)).body;
const queue = async (name: string) =>
  (await report()).queues.find((one: { name: string }) => one.name === name);

describe("F18 a job that always fails", () => {
  test("is given up after its tries, with the reason, and others are done meanwhile", async () => {
    const { boss } = server.resources.federationContext.jobs;
    // Fedify can make nothing of this message.
    await boss.send(
      "inbox",
      { message: "no message" },
      { retryLimit: 0, retryBackoff: false, retryDelay: 0 },
    );
    const dead = await eventually("the job is given up", async () => {
      const { letters } = await queue("inbox");
      return letters.length > 0 ? letters : undefined;
    });
    expect(dead).toMatchObject([{ attempts: 1, error: expect.stringMatching(/\S/) }]);
  });

  test("is shown to the administrator on a page, and to nobody else", async () => {
    const page = await server.request("/admin/queues", {
      headers: { Accept: "text/html", Authorization: `Bearer ${admin}` },
    });
    expect(await page.text()).toContain("Do 1 job again");
    for (const token of [vera, undefined]) {
      expect((await server.json("GET", "/admin/queues", undefined, token)).status).toBe(404);
    }
  });

  test("is done again when the administrator asks for it", async () => {
    expect((await server.json("POST", "/admin/queues/inbox/send-again", {}, vera)).status).toBe(404);
    const { status, body } = await server.json("POST", "/admin/queues/inbox/send-again", {}, admin);
    expect([status, body]).toEqual([202, { jobs: 1 }]);
    const again = await query(server.databaseUrl, "select from pgboss.job where name = 'inbox'");
    expect(again.length).toBeGreaterThan(0);
  });

  test("of no queue there is, is not found", async () => {
    for (const name of ["nothing", "inbox_dead", "%00"]) {
      const { status } = await server.json("POST", `/admin/queues/${name}/send-again`, {}, admin);
      expect(status, name).toBe(404);
    }
  });
});

describe("a server that fails", () => {
  test("is listed with its reason, and is tried at once when the administrator asks for it", async () => {
    await query(
      server.databaseUrl,
      `insert into delivery_hosts (host, failures, held_until, last_error)
        values ('down.example', 3, now() + interval '1 hour', 'HTTP 503')`,
    );
    expect((await report()).hosts).toMatchObject([
      { host: "down.example", failures: 3, last_error: "HTTP 503", waiting: 0 },
    ]);
    const release = (host: string, token: string) =>
      server.json("POST", "/admin/hosts/release", { host }, token);
    expect((await release("down.example", vera)).status).toBe(404);
    expect((await release("other.example", admin)).status).toBe(404);
    expect((await release("down.example", admin)).status).toBe(202);
    const [held] = await query(server.databaseUrl, "select held_until <= now() as over from delivery_hosts");
    expect(held).toMatchObject({ over: true });
  });
});
