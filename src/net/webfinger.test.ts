import { onTestFinished, describe, expect, test } from "vitest";
import { createDoor, type Door } from "./door.ts";
import { startServer, type FakeServer } from "./server.test-helper.ts";
import { resolveHandle, type WebFingerReason } from "./webfinger.ts";

function openDoor(allowPrivate = true): Door {
  const door = createDoor({ userAgent: "test/1", allowPrivate });
  onTestFinished(() => door.close());
  return door;
}

async function answer(
  body: unknown,
  contentType = "application/jrd+json; charset=utf-8",
  status = 200,
): Promise<FakeServer> {
  return await startServer((_, response) => {
    response.writeHead(status, { "content-type": contentType });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

async function resolve(server: FakeServer, username = "alice"): Promise<string> {
  const handle = { username, host: `127.0.0.1:${server.port}` };
  return (await resolveHandle(openDoor(), handle, { http: true })).href;
}

function failing(reason: WebFingerReason): unknown {
  return expect.objectContaining({ name: "WebFingerError", reason });
}

const self = { rel: "self", type: "application/activity+json", href: "https://remote.example/users/alice" };

describe("resolveHandle", () => {
  test("the actor is the self link with an ActivityPub type", async () => {
    const server = await answer({
      subject: "acct:alice@remote.example",
      links: [
        null,
        "x",
        {
          rel: "http://webfinger.net/rel/profile-page",
          type: "text/html",
          href: "https://remote.example/@alice",
        },
        { rel: "self", type: "text/html", href: "https://remote.example/@alice" },
        { ...self, href: "not a URL" },
        { ...self, href: "javascript:alert(1)" },
        { ...self, href: "https://user@remote.example/" },
        { ...self, type: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"' },
        { ...self, href: "https://remote.example/second" },
      ],
    });
    expect(await resolve(server)).toBe(self.href);
    const [received] = server.received;
    expect(received?.url).toBe(`/.well-known/webfinger?resource=acct%3Aalice%40127.0.0.1%3A${server.port}`);
    expect(received?.headers["accept"]).toContain("application/jrd+json");
  });

  test("plain JSON and a redirect will do", async () => {
    const server = await startServer((request, response) => {
      if (request.url?.startsWith("/.well-known") === true)
        response.writeHead(301, { location: "/wf" }).end();
      else response.setHeader("content-type", "application/json").end(JSON.stringify({ links: [self] }));
    });
    expect(await resolve(server)).toBe(self.href);
  });

  test.each([404, 410, 400])("status %i means that there is no such user", async (status) => {
    const server = await answer("", "text/html", status);
    await expect(resolve(server, "mallory")).rejects.toEqual(failing("no_user"));
    await expect(resolve(server, "mallory")).rejects.toThrow(/knows no user "mallory"/u);
  });

  test.each([
    ["no links", {}],
    ["links that are no list", { links: "x" }],
    ["no self link", { links: [{ ...self, rel: "me" }] }],
    ["a self link of another type", { links: [{ ...self, type: "text/html" }] }],
    ["a self link without type", { links: [{ rel: "self", href: self.href }] }],
    ["a self link that is no web address", { links: [{ ...self, href: "ftp://remote.example/" }] }],
    ["null", "null"],
  ])("an answer with %s names no actor", async (_, body) => {
    await expect(resolve(await answer(body))).rejects.toEqual(failing("no_actor"));
  });

  test("T16 HTML, broken JSON, a huge answer and a failing server are no answers", async () => {
    const door = openDoor();
    const servers = [
      await answer({ links: [self] }, "text/html"),
      await answer("{", "application/jrd+json"),
      await answer({ links: [self], padding: "x".repeat(70_000) }),
      await answer({ links: [self] }, "application/jrd+json", 500),
    ];
    for (const { port } of servers) {
      const handle = { username: "alice", host: `127.0.0.1:${port}` };
      await expect(resolveHandle(door, handle, { http: true })).rejects.toEqual(failing("unreachable"));
    }
  });

  test("a host that does not answer is unreachable", async () => {
    const handle = { username: "alice", host: "127.0.0.1:1" };
    await expect(resolveHandle(openDoor(), handle, { http: true })).rejects.toEqual(failing("unreachable"));
    await expect(resolveHandle(openDoor(), handle, { http: false })).rejects.toThrow(
      /127\.0\.0\.1:1 cannot be asked/u,
    );
  });

  test("T10 a private host is not connected to", async () => {
    const server = await answer({ links: [self] });
    for (const host of ["127.0.0.1", "localhost", "[::1]", "2130706433"]) {
      const handle = { username: "alice", host: `${host}:${server.port}` };
      await expect(resolveHandle(openDoor(false), handle, { http: false })).rejects.toEqual(
        failing("unreachable"),
      );
    }
    expect(server.connections()).toBe(0);
  });

  test("an http actor counts only where http is allowed", async () => {
    const server = await answer({ links: [{ ...self, href: "http://localhost:1/alice" }] });
    expect(await resolve(server)).toBe("http://localhost:1/alice");
    const asked: string[] = [];
    const door: Door = {
      fetch: async (url) => {
        asked.push(String(url));
        const body = new TextEncoder().encode(
          JSON.stringify({ links: [{ ...self, href: "http://a.test/" }] }),
        );
        const headers = new Headers({ "content-type": "application/jrd+json" });
        return { url: String(url), status: 200, headers, body, text: () => new TextDecoder().decode(body) };
      },
      close: async () => {},
    };
    const lookup = resolveHandle(door, { username: "alice", host: "Remote.Test" }, { http: false });
    await expect(lookup).rejects.toEqual(failing("no_actor"));
    expect(asked).toEqual(["https://remote.test/.well-known/webfinger?resource=acct%3Aalice%40remote.test"]);
  });

  test.each([
    ["", "a.test"],
    ["a b", "a.test"],
    ["a@b", "a.test"],
    ["../x", "a.test"],
    ["alice", ""],
    ["alice", "a.test/path"],
    ["alice", "user@a.test"],
    ["alice", "a.test?x"],
    ["alice", "a.test#x"],
    ["alice", "a.test\\x"],
    ["alice", "a test"],
  ])("@%s@%s is no handle", async (username, host) => {
    const door: Door = { fetch: () => expect.unreachable(), close: async () => {} };
    await expect(resolveHandle(door, { username, host }, { http: true })).rejects.toEqual(failing("handle"));
  });
});
