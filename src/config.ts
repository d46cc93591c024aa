import { homedir } from "node:os";
import path from "node:path";
import type { AttemptLimits } from "./accounts/attempts.ts";
import { type Network, parseNetwork } from "./core/client-address.ts";
import { isLoopback } from "./core/loopback.ts";
import { findOrigin, parseOrigin } from "./core/origin.ts";
import type { InboundLimits } from "./federation/inbox-limits.ts";
import type { RequestLimits } from "./web/limit-requests.ts";
import { type OAuthClient, readOAuthClients } from "./oauth-config.ts";
import { findUsernameProblem, foldUsername } from "./core/username.ts";

export interface Config {
  /** Scheme, host and port under which the world knows this server; no trailing slash. */
  readonly origin: string;
  /** Whether `origin` was configured, not derived from the port. */
  readonly originConfigured: boolean;
  /** Names by which requests may address the server beside the origin's host. */
  readonly hosts: readonly string[];
  readonly admin: string;
  /** Directory of keys, generated secrets, media and the embedded database. */
  readonly data: string;
  /** `undefined`: the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** Origins of the renderers. */
  readonly l1Servers: readonly string[];
  /** In which parameter of its address a renderer is handed a token. */
  readonly l1AuthParam: string;
  /** Those of the renderers whose tokens are for being verified once. */
  readonly l1OneTime: readonly string[];
  /** `undefined`: the secret file, or a generated one in the data directory. */
  readonly jwtSecret: string | undefined;
  readonly jwtSecretFile: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly role: "all" | "web" | "worker";
  readonly processes: number;
  readonly registration: "open" | "invite" | "closed";
  /** Whether documents are for signed requests of servers that are not blocked. */
  readonly authorizedFetch: boolean;
  /** Where users may sign in with an account they have elsewhere. */
  readonly oauth: readonly OAuthClient[];
  /** For how many seconds a page or document is given to strangers again before it is made anew. */
  readonly cacheSeconds: number;
  readonly limits: Limits;
  readonly logLevel: "debug" | "info" | "warning" | "error";
}

/** How much is taken from others, and asked of them. */
export interface Limits extends InboundLimits, RequestLimits, AttemptLimits {
  /** How often a host is asked for documents in a minute. */
  readonly fetchesPerHost: number;
  /** The size of the largest file of a renderer that is hashed, in MiB. */
  readonly hashedMebibytes: number;
  /** How often an address may ask about tokens in a minute. */
  readonly verifyPerAddress: number;
  /** How many MiB of images are kept for a user. */
  readonly mediaMib: number;
}

/** Everything that is wrong with the configuration, one line a problem. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:
${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration from the environment. Throws one {@link ConfigError} that lists every problem. */
export function loadConfig(env: Environment): Config {
  const problems: string[] = [];
  const read = createReader(env, problems);
  const port = read.integer("PORT", 8200, 0, 65_535);
  const origin = readOrigin(env, port, problems);
  const admin = foldUsername(read.text("ARTDAG_USER", "giles"));
  const problem = findUsernameProblem(admin);
  if (problem != null) problems.push(`ARTDAG_USER: ${JSON.stringify(admin)} ${problem}.`);
  const l1Servers = readL1Servers(env, problems);
  const config: Config = {
    origin,
    originConfigured: (env["ARTDAG_ORIGIN"] ?? env["ARTDAG_DOMAIN"] ?? "") !== "",
    hosts: read.list("ARTDAG_HOSTS"),
    admin,
    data: path.resolve(expandHome(read.text("ARTDAG_DATA", "~/.artdag/l2"))),
    databaseUrl: readDatabaseUrl(env, problems),
    l1Servers,
    l1AuthParam: readL1AuthParam(read.text("L1_AUTH_PARAM", "auth_token"), problems),
    l1OneTime: readL1OneTime(read.list("L1_ONE_TIME"), l1Servers, problems),
    jwtSecret: readSecret(env, problems),
    jwtSecretFile: "/run/secrets/jwt_secret",
    listen: { host: read.text("HOST", "0.0.0.0"), port },
    role: read.choice("ARTDAG_ROLE", ["all", "web", "worker"]),
    processes: read.integer("ARTDAG_PROCESSES", 1, 1, 64),
    registration: read.choice("ARTDAG_REGISTRATION", ["open", "invite", "closed"]),
    authorizedFetch: read.choice("ARTDAG_AUTHORIZED_FETCH", ["off", "on"]) === "on",
    oauth: readOAuthClients(env, problems),
    cacheSeconds: read.integer("ARTDAG_CACHE_SECONDS", 10, 0, 3600),
    limits: {
      inboxPerHost: read.integer("LIMIT_INBOX", 300, 1, 1_000_000),
      newActorsPerDomain: read.integer("LIMIT_NEW_ACTORS", 100, 1, 1_000_000),
      refusedPerAddress: read.integer("LIMIT_REFUSED", 300, 1, 1_000_000),
      fetchesPerHost: read.integer("LIMIT_FETCHES", 30, 1, 1_000_000),
      hashedMebibytes: read.integer("LIMIT_HASHED_MIB", 20_480, 1, 1_000_000),
      verifyPerAddress: read.integer("LIMIT_VERIFY", 600, 1, 1_000_000),
      requestsPerAddress: read.integer("LIMIT_ADDRESS", 300, 1, 1_000_000),
      requestsPerUser: read.integer("LIMIT_USER", 1500, 1, 1_000_000),
      loginsPerAddress: read.integer("LIMIT_LOGIN_ADDRESS", 25, 1, 1_000_000),
      loginsPerAccount: read.integer("LIMIT_LOGIN_ACCOUNT", 10, 1, 1_000_000),
      accountsPerAddress: read.integer("LIMIT_REGISTER", 10, 1, 1_000_000),
      uploadSeconds: read.integer("LIMIT_UPLOAD_SECONDS", 30, 1, 3600),
      mediaMib: read.integer("LIMIT_MEDIA_MIB", 200, 0, 1_000_000),
      trustedProxies: readTrustedProxies(read.list("TRUSTED_PROXIES"), problems),
    },
    logLevel: read.choice("ARTDAG_LOG", ["info", "debug", "warning", "error"]),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function createReader(env: Environment, problems: string[]) {
  const text = (name: string, fallback: string) => env[name]?.trim() || fallback;
  return {
    text,
    list: (name: string) =>
      text(name, "")
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    integer(name: string, fallback: number, least: number, most: number): number {
      const value = text(name, String(fallback));
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= least && number <= most) return number;
      problems.push(`${name}: ${JSON.stringify(value)} is not a whole number from ${least} to ${most}.`);
      return fallback;
    },
    choice<const T extends string>(name: string, choices: readonly [T, ...T[]]): T {
      const value = text(name, choices[0]);
      const choice = choices.find((candidate) => candidate === value);
      if (choice != null) return choice;
      problems.push(`${name}: ${JSON.stringify(value)} is none of ${choices.join(", ")}.`);
      return choices[0];
    },
  };
}

function readOrigin(env: Environment, port: number, problems: string[]): string {
  const explicit = env["ARTDAG_ORIGIN"]?.trim();
  const domain = env["ARTDAG_DOMAIN"]?.trim();
  if (explicit) {
    const url = parseOrigin(explicit);
    if (url != null) return url.origin;
    problems.push(`ARTDAG_ORIGIN: ${JSON.stringify(explicit)} is no origin such as https://artdag.example.`);
  } else if (domain) {
    const url = /[/@?#\\\s]/.test(domain) ? undefined : parseOrigin(`http://${domain}`);
    if (url != null) return isLoopback(url.hostname) ? url.origin : `https://${url.host}`;
    problems.push(`ARTDAG_DOMAIN: ${JSON.stringify(domain)} is no host name such as artdag.example.`);
  }
  return `http://localhost:${port}`;
}

function readTrustedProxies(items: readonly string[], problems: string[]): Network[] {
  return items.flatMap((item) => {
    const network = parseNetwork(item);
    if (network != null) return [network];
    problems.push(`TRUSTED_PROXIES: ${JSON.stringify(item)} is no address such as 10.0.0.1 or 10.0.0.0/8.`);
    return [];
  });
}

function readL1Servers(env: Environment, problems: string[]): string[] {
  const value = env["L1_SERVERS"] ?? "https://celery-artdag.rose-ash.com";
  const items = value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  return items.flatMap((item) => {
    const url = parseOrigin(item);
    if (url != null) return [url.origin];
    problems.push(`L1_SERVERS: ${JSON.stringify(item)} is no origin such as https://renderer.example.`);
    return [];
  });
}

function readL1AuthParam(name: string, problems: string[]): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  problems.push(`L1_AUTH_PARAM: ${JSON.stringify(name)} is no name of a parameter such as auth_token.`);
  return name;
}

function readL1OneTime(items: readonly string[], l1Servers: readonly string[], problems: string[]): string[] {
  return items.flatMap((item) => {
    const origin = findOrigin(l1Servers, item);
    if (origin != null) return [origin];
    problems.push(`L1_ONE_TIME: ${JSON.stringify(item)} is none of L1_SERVERS.`);
    return [];
  });
}

function readDatabaseUrl(env: Environment, problems: string[]): string | undefined {
  const value = env["DATABASE_URL"]?.trim();
  if (!value) return undefined;
  if (/^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value)) return value;
  // The value holds a password and is not repeated.
  problems.push("DATABASE_URL: is no URL such as postgresql://user:password@host:5432/database.");
  return undefined;
}

function readSecret(env: Environment, problems: string[]): string | undefined {
  const secret = env["JWT_SECRET"]?.trim();
  if (!secret) return undefined;
  const problem = findSecretProblem(secret);
  if (problem != null) problems.push(`JWT_SECRET: ${problem}`);
  return secret;
}

/** What is wrong with a secret for tokens, as a sentence; the secret itself is not repeated. */
export function findSecretProblem(secret: string): string | undefined {
  if (Buffer.byteLength(secret) >= 32) return undefined;
  return "must have at least 32 bytes. Make one with: openssl rand -hex 32";
}

function expandHome(directory: string): string {
  return directory === "~" || directory.startsWith("~/")
    ? path.join(homedir(), directory.slice(1))
    : directory;
}
