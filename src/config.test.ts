import { homedir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("loadConfig", () => {
  test("has a default for everything", () => {
    expect(loadConfig({})).toEqual({
      origin: "http://localhost:8200",
      originConfigured: false,
      hosts: [],
      admin: "giles",
      data: path.join(homedir(), ".artdag/l2"),
      databaseUrl: undefined,
      l1AuthParam: "auth_token",
      l1OneTime: [],
      l1Servers: ["https://celery-artdag.rose-ash.com"],
      jwtSecret: undefined,
      jwtSecretFile: "/run/secrets/jwt_secret",
      listen: { host: "0.0.0.0", port: 8200 },
      role: "all",
      processes: 1,
      registration: "open",
      authorizedFetch: false,
      oauth: [],
      cacheSeconds: 10,
      limits: {
        inboxPerHost: 300,
        newActorsPerDomain: 100,
        refusedPerAddress: 300,
        fetchesPerHost: 30,
        hashedMebibytes: 20_480,
        uploadSeconds: 30,
        verifyPerAddress: 600,
        mediaMib: 200,
        requestsPerAddress: 300,
        requestsPerUser: 1500,
        loginsPerAddress: 25,
        loginsPerAccount: 10,
        accountsPerAddress: 10,
        trustedProxies: [],
      },
      logLevel: "info",
    });
  });

  test.each([
    [{ PORT: "9000" }, "http://localhost:9000"],
    [{ ARTDAG_DOMAIN: "art.example" }, "https://art.example"],
    [{ ARTDAG_DOMAIN: "ART.example:8443" }, "https://art.example:8443"],
    [{ ARTDAG_DOMAIN: "localhost:8300" }, "http://localhost:8300"],
    [{ ARTDAG_DOMAIN: "127.0.0.2:8300" }, "http://127.0.0.2:8300"],
    [{ ARTDAG_DOMAIN: "[::1]:8300" }, "http://[::1]:8300"],
    [{ ARTDAG_ORIGIN: "https://art.example/", ARTDAG_DOMAIN: "other.example" }, "https://art.example"],
    [{ ARTDAG_ORIGIN: "http://art.example:80" }, "http://art.example"],
  ])("takes the origin from %j", (env, origin) => {
    expect(loadConfig(env).origin).toBe(origin);
  });

  test.each([
    [{ PORT: "0x50" }, "PORT"],
    [{ PORT: "65536" }, "PORT"],
    [{ PORT: "-1" }, "PORT"],
    [{ ARTDAG_DOMAIN: "https://art.example" }, "ARTDAG_DOMAIN"],
    [{ ARTDAG_DOMAIN: "a b" }, "ARTDAG_DOMAIN"],
    [{ ARTDAG_DOMAIN: "user@art.example" }, "ARTDAG_DOMAIN"],
    [{ ARTDAG_ORIGIN: "art.example" }, "ARTDAG_ORIGIN"],
    [{ ARTDAG_ORIGIN: "https://art.example/path" }, "ARTDAG_ORIGIN"],
    [{ ARTDAG_ORIGIN: "ftp://art.example" }, "ARTDAG_ORIGIN"],
    [{ ARTDAG_USER: "no one" }, "ARTDAG_USER"],
    [{ ARTDAG_USER: "admin" }, "ARTDAG_USER"],
    [{ DATABASE_URL: "localhost/artdag" }, "DATABASE_URL"],
    [{ JWT_SECRET: "x".repeat(31) }, "JWT_SECRET"],
    [{ L1_SERVERS: "https://l1.example,l2.example" }, "L1_SERVERS"],
    [{ L1_SERVERS: "https://l1.example/path" }, "L1_SERVERS"],
    [{ L1_SERVERS: "https://l1.example\\@evil.test" }, "L1_SERVERS"],
    [{ L1_AUTH_PARAM: "a&b" }, "L1_AUTH_PARAM"],
    [{ L1_SERVERS: "https://l1.example", L1_ONE_TIME: "https://l2.example" }, "L1_ONE_TIME"],
    [{ LIMIT_VERIFY: "0" }, "LIMIT_VERIFY"],
    [{ ARTDAG_ROLE: "king" }, "ARTDAG_ROLE"],
    [{ ARTDAG_PROCESSES: "0" }, "ARTDAG_PROCESSES"],
    [{ ARTDAG_REGISTRATION: "maybe" }, "ARTDAG_REGISTRATION"],
    [{ ARTDAG_AUTHORIZED_FETCH: "yes" }, "ARTDAG_AUTHORIZED_FETCH"],
    [{ ARTDAG_LOG: "loud" }, "ARTDAG_LOG"],
    [{ LIMIT_INBOX: "0" }, "LIMIT_INBOX"],
    [{ LIMIT_ADDRESS: "0" }, "LIMIT_ADDRESS"],
    [{ LIMIT_LOGIN_ACCOUNT: "many" }, "LIMIT_LOGIN_ACCOUNT"],
    [{ GITHUB_ID: "an id" }, "GITHUB_SECRET"],
    [{ GOOGLE_SECRET: "a secret", GOOGLE_ID: " " }, "GOOGLE_ID"],
    [{ LIMIT_UPLOAD_SECONDS: "none" }, "LIMIT_UPLOAD_SECONDS"],
    [{ TRUSTED_PROXIES: "10.0.0.1,proxy.example" }, "TRUSTED_PROXIES"],
  ])("refuses %j and names the variable", (env, name) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: `));
  });

  test("reports all problems together", () => {
    expect(problemsOf({ PORT: "x", ARTDAG_ROLE: "y", JWT_SECRET: "z" })).toHaveLength(3);
  });

  test("repeats no secret", () => {
    const problems = problemsOf({
      JWT_SECRET: "hunter2",
      DATABASE_URL: "mysql://root:hunter2@db",
      GITHUB_SECRET: "hunter2",
    }).join();
    expect(problems).not.toContain("hunter2");
  });

  test("knows the providers whose id and secret are set", () => {
    const env = { GITHUB_ID: "id", GITHUB_SECRET: " secret ", GOOGLE_ID: "", GOOGLE_SECRET: "" };
    expect(loadConfig(env).oauth).toEqual([{ provider: "github", id: "id", secret: "secret" }]);
  });

  test("compares renderers as origins, and knows none where the list is empty", () => {
    expect(loadConfig({ L1_SERVERS: "https://L1.example:443/, http://localhost:9000" }).l1Servers).toEqual([
      "https://l1.example",
      "http://localhost:9000",
    ]);
    expect(loadConfig({ L1_SERVERS: "" }).l1Servers).toEqual([]);
  });
});
