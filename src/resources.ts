import path from "node:path";
import postgres from "postgres";
import { createFirstUser } from "./accounts/first-user.ts";
import { instanceKeyName } from "./accounts/key-files.ts";
import { createKeyRing, type KeyRing } from "./accounts/key-ring.ts";
import { createProvider } from "./accounts/oauth.ts";
import { createPasswords } from "./accounts/passwords.ts";
import type { ProviderEndpoints, ProviderName } from "./accounts/providers.ts";
import { loadJwtSecret } from "./accounts/secret.ts";
import { issueRunToken } from "./accounts/run-token.ts";
import { loadTokenKey } from "./accounts/token-key.ts";
import { prove } from "./claims/proof.ts";
import type { Config } from "./config.ts";
import { isLoopback } from "./core/loopback.ts";
import { createLimit } from "./core/limit.ts";
import { createPaths } from "./core/paths.ts";
import { getLogSize } from "./db/log.ts";
import { isMigrated } from "./db/migrate.ts";
import type { Database } from "./db/schema.ts";
import { ping } from "./db/settings.ts";
import { createBlockList } from "./federation/block-list.ts";
import type { FederationContext } from "./federation/context.ts";
import { describeUser } from "./federation/dispatchers/actor-document.ts";
import { openJobs } from "./federation/jobs.ts";
import { KeyValueStore } from "./federation/key-value-store.ts";
import { lookUp } from "./federation/look-up.ts";
import { publish } from "./federation/publish.ts";
import { resolveActor } from "./federation/remote-actor.ts";
import { createFederationServer, type FederationServer } from "./federation/server.ts";
import { getProofKey } from "./federation/sign.ts";
import { createL1Client } from "./l1/client.ts";
import { guardBurnSecret } from "./guards.ts";
import { createDocuments } from "./net/documents.ts";
import { createDoor, type DoorOptions } from "./net/door.ts";
import { createProbe } from "./net/probe.ts";
import { createSubscribeFinder } from "./net/subscribe.ts";
import { startMediaSweep } from "./registry/collect-media.ts";
import type { RegistryContext } from "./registry/context.ts";
import { createMediaFiles } from "./registry/media-files.ts";
import { createCloser, type Opened, openStore } from "./store.ts";
import { version } from "./version.ts";
import type { WebContext } from "./web/context.ts";
import { readPublicFiles } from "./web/public-files.ts";
import { createLogWatcher } from "./web/watch-log.ts";

/** Everything the server holds open. */
export interface Resources {
  readonly web: WebContext;
  readonly federation: FederationServer;
  readonly federationContext: FederationContext;
  /** Of the first user, where he was made just now: to be shown once. */
  readonly firstPassword: string | undefined;
  /** Closes everything, the last opened first. */
  close(): Promise<void>;
}

/** How the world outside is reached, where that isn't for the configuration to say. */
export interface Surroundings extends Pick<DoorOptions, "lookup" | "connector" | "limits"> {
  /** Of the providers by which users sign in, instead of their own. */
  readonly oauthEndpoints?: Partial<Record<ProviderName, ProviderEndpoints>>;
}

/** Opens everything in order. When something can't be opened, what was open before is closed again. */
export async function openResources(config: Config, surroundings: Surroundings = {}): Promise<Resources> {
  const { opened, close } = createCloser();
  try {
    return { ...(await open(config, surroundings, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  config: Config,
  surroundings: Surroundings,
  opened: Opened,
): Promise<Omit<Resources, "close">> {
  const { db, databaseUrl } = await openStore(config, opened);
  const burnKey = await guardBurnSecret(config, db);
  const { origin } = config;
  const paths = createPaths(origin);
  const jwtSecret = await loadJwtSecret({
    configured: config.jwtSecret,
    secretFile: config.jwtSecretFile,
    dataDirectory: config.data,
  });
  const keys = createKeyRing(path.join(config.data, "keys"));
  await keys.ensure(instanceKeyName);
  const passwords = createPasswords();
  const firstPassword = await createFirstUser({ db, keys, passwords }, config.admin);

  const jobs = await openJobs(databaseUrl);
  opened(jobs, () => jobs.stop());
  const sql = postgres(databaseUrl, { max: 4, connection: { TimeZone: "UTC" }, onnotice: () => undefined });
  opened(sql, () => sql.end({ timeout: 5 }));
  const kv = new KeyValueStore(sql);
  await kv.initialize();
  const door = createDoor({
    ...surroundings,
    userAgent: `artdag-l2/${version} (+${origin})`,
    allowPrivate: isLoopback(new URL(origin).hostname),
    trustedOrigins: config.l1Servers,
  });
  opened(door, () => door.close());
  const documents = createDocuments(door, { perMinute: config.limits.fetchesPerHost });

  const registry: RegistryContext = {
    db,
    paths,
    mediaFiles: createMediaFiles(path.join(config.data, "media")),
    mediaQuota: config.limits.mediaMib * 1024 * 1024,
    burnKey,
    sign: async (username, document, created) =>
      prove(document, await getProofKey(keys, paths, username), created),
    describeActor: (user) => describeUser({ keys, paths }, user),
    publish: (trx, publication) => publish(jobs, trx, publication),
    eraseLater: (trx, user) => jobs.send("erase_user", { user }, { trx }),
  };
  const stopMediaSweep = startMediaSweep(registry);
  opened(registry.mediaFiles, stopMediaSweep);
  const federationContext: FederationContext = {
    db,
    paths,
    keys,
    door,
    documents,
    jobs,
    registry,
    version,
    limits: config.limits,
    blocked: createBlockList(db),
    registrationOpen: config.registration === "open",
  };
  const logWatcher = createLogWatcher(() => getLogSize(db));
  opened(logWatcher, async () => logWatcher.close());
  const tokenKey = await loadTokenKey(config.data);
  const web: WebContext = {
    db,
    paths,
    keys,
    passwords,
    registry,
    recording: {
      ...registry,
      l1: createL1Client(door, { maxBytes: config.limits.hashedMebibytes * 1024 * 1024 }),
      l1Servers: config.l1Servers,
      issueRunToken: (user, l1Server) =>
        issueRunToken({ db, paths, tokenKey, l1Servers: config.l1Servers }, user, l1Server),
    },
    origin,
    jwtSecret,
    tokenKey,
    registration: config.registration,
    l1Servers: config.l1Servers,
    l1AuthParam: config.l1AuthParam,
    l1OneTime: config.l1OneTime,
    probe: createProbe(door),
    verifyLimit: createLimit(config.limits.verifyPerAddress, 60),
    version,
    authorizedFetch: config.authorizedFetch,
    uploadTime: config.limits.uploadSeconds * 1000,
    limits: config.limits,
    providers: config.oauth.map((client) =>
      createProvider(door, {
        ...client,
        redirectUri: paths.oauth(client.provider),
        endpoints: surroundings.oauthEndpoints?.[client.provider],
      }),
    ),
    cacheSeconds: config.cacheSeconds,
    files: await readPublicFiles(),
    logWatcher,
    queues: jobs.queues,
    resolveActor: (text) => resolveActor(federationContext, text),
    lookUp: (text) => lookUp(federationContext, text),
    findSubscribeUrl: createSubscribeFinder(door, { http: origin.startsWith("http:") }),
    findFaults: () => findFaults(db, keys, config.admin),
  };
  const federation = createFederationServer(federationContext, kv);
  return { web, federation, federationContext, firstPassword };
}

async function findFaults(db: Database, keys: KeyRing, admin: string): Promise<string[]> {
  const checks: [string, () => Promise<unknown>][] = [
    ["The database does not answer.", () => ping(db)],
    [
      "The database is not migrated.",
      async () => ((await isMigrated(db)) ? undefined : Promise.reject(new Error())),
    ],
    ["The keys of the server can't be read.", () => keys.check(instanceKeyName)],
    [`The keys of ${admin} can't be read.`, () => keys.check(admin)],
  ];
  const faults = await Promise.all(
    checks.map(([fault, check]) =>
      check().then(
        () => [],
        () => [fault],
      ),
    ),
  );
  return faults.flat();
}
