import { getLogger } from "@logtape/logtape";
import { fromKysely, PgBoss, type Queue } from "pg-boss";
import type { Transaction } from "../db/schema.ts";
import { createQueues, type Queues } from "./queues.ts";
import { type JobPool, type Places, startPool } from "./job-pool.ts";

/** The work that is done behind requests. A job names what it is about; it never carries a key or a document of ours. */
export interface JobData {
  /** Fedify's message, as JSON text: `jsonb` would refuse some texts and reorder the rest. */
  inbox: { message: string };
  publish: { publication: number };
  deliver: { host: string };
  verify_claim: { post: number } | { claim: number };
  /**
   * A claim that another one names; `steps` is how many were gone to it from one that was sent here, `left` how many
   * more may be learned by way of it.
   */
  learn_claim: { iri: string; contentHash: string; steps: number; left: number };
  /** A user who has deleted his account. */
  erase_user: { user: number };
}
export type JobName = keyof JobData;

type Options = Omit<Queue, "name">;

/** A worker that was killed is noticed by its missing heartbeat; its job then runs again after about 12 s. */
const common: Options = {
  heartbeatSeconds: 10,
  notify: true,
  expireInSeconds: 600,
  deleteAfterSeconds: 3600,
};

const queues: Record<JobName, Options> = {
  inbox: { ...common, retryLimit: 8, retryDelay: 5, retryBackoff: true, retryDelayMax: 3600 },
  publish: { ...common, retryLimit: 100, retryDelay: 5, retryBackoff: true, retryDelayMax: 600 },
  // At most one waiting and one running job a host; what is due stands in the table of deliveries.
  // A large host takes long: that its worker lives is told by the heartbeat.
  // What was done is not kept for long: there is one job for each host of each publication.
  deliver: {
    ...common,
    policy: "stately",
    retryLimit: 3,
    retryDelay: 5,
    expireInSeconds: 6 * 3600,
    deleteAfterSeconds: 60,
  },
  verify_claim: { ...common, retryLimit: 20, retryDelay: 30, retryBackoff: true, retryDelayMax: 14_400 },
  // Anybody can name addresses, so these are tried a few times only, and one that waits already is not added.
  learn_claim: {
    ...common,
    policy: "stately",
    retryLimit: 6,
    retryDelay: 30,
    retryBackoff: true,
    retryDelayMax: 3600,
  },
  // As many works as somebody has are withdrawn one by one.
  erase_user: {
    ...common,
    retryLimit: 100,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 6 * 3600,
  },
};

export interface Jobs {
  readonly boss: PgBoss;
  readonly queues: Queues;
  /** Sends a job, in a transaction where one is given. Of several with one key that still wait, one is kept. */
  send<N extends JobName>(
    name: N,
    data: JobData[N],
    options?: { trx?: Transaction | undefined; key?: string; delay?: number },
  ): Promise<void>;
  /** Sends many jobs, a thousand a statement, each as `send` does. Those of a higher priority (default 0) go first. */
  sendAll<N extends JobName>(
    name: N,
    jobs: readonly { data: JobData[N]; key: string; priority?: number }[],
  ): Promise<void>;
  /** Does the jobs of a queue from now on, as many at once as `concurrency` says. A job that throws is done again. */
  work<N extends JobName>(
    name: N,
    concurrency: number,
    handler: (data: JobData[N]) => Promise<void>,
  ): Promise<void>;
  /** The same for many at once that mostly wait: see {@link startPool}. */
  pool<N extends JobName>(
    name: N,
    places: Places,
    handler: (data: JobData[N], signal: AbortSignal) => Promise<void>,
  ): void;
  /** Waits for the running jobs, for at most 5 s, and ends. */
  stop(): Promise<void>;
}

const logger = getLogger(["artdag", "federation", "jobs"]);

/** Opens the queues in the database at `url`, making what is missing of them. */
export async function openJobs(url: string): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: "artdag-jobs",
    options: "-c TimeZone=UTC",
    max: 6,
    useListenNotify: true,
    monitorIntervalSeconds: 5,
    superviseIntervalSeconds: 5,
    schedule: false,
  });
  boss.on("error", (error) => logger.error("The job queue reports {error}.", { error }));
  boss.on("warning", (warning) => logger.warn("The job queue warns: {warning}", { warning }));
  await boss.start();
  for (const [name, options] of Object.entries(queues)) await ensureQueue(boss, name, options);
  const pools = new Map<JobName, JobPool>();
  return {
    boss,
    queues: createQueues(boss, Object.keys(queues)),
    async send(name, data, { trx, key, delay } = {}) {
      await boss.send(name, data, {
        ...(trx == null ? {} : { db: fromKysely(trx) }),
        ...(key == null ? {} : { singletonKey: key }),
        ...(delay == null ? {} : { startAfter: delay }),
      });
    },
    async sendAll(name, all) {
      for (let at = 0; at < all.length; at += 1000) {
        const some = all.slice(at, at + 1000);
        await boss.insert(
          name,
          some.map(({ data, key, priority = 0 }) => ({ data, singletonKey: key, priority })),
        );
      }
      pools.get(name)?.nudge();
    },
    async work<N extends JobName>(
      name: N,
      concurrency: number,
      handler: (data: JobData[N]) => Promise<void>,
    ) {
      for (let count = 0; count < concurrency; count++) await startWorker(boss, name, handler);
    },
    pool(name, places, handler) {
      pools.set(name, startPool(boss, name, places, handler));
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop(5000)));
      await boss.stop({ graceful: true, timeout: 5000 });
    },
  };
}

/** One worker, which looks for the next job as soon as it has done one, and rests only when there was none. */
async function startWorker<N extends JobName>(
  boss: PgBoss,
  name: N,
  handler: (data: JobData[N]) => Promise<void>,
): Promise<void> {
  let id = "";
  const options = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 };
  id = await boss.work<JobData[N]>(name, options, async (jobs) => {
    for (const job of jobs) await handler(job.data);
    boss.notifyWorker(id);
  });
}

async function ensureQueue(boss: PgBoss, name: string, options: Options): Promise<void> {
  const dead = `${name}_dead`;
  await boss.createQueue(dead, { retentionSeconds: 30 * 86_400 });
  await boss.createQueue(name, { ...options, deadLetter: dead });
  const { policy: _fixed, ...changeable } = options;
  await boss.updateQueue(name, { ...changeable, deadLetter: dead });
}
