import type { JobWithMetadata, PgBoss } from "pg-boss";

/** A job that failed for good. */
export interface DeadLetter {
  readonly id: string;
  readonly created: Date;
  readonly attempts: number;
  readonly error: string | null;
}

/** What a queue has to do. */
export interface QueueReport {
  readonly name: string;
  readonly ready: number;
  readonly active: number;
  /** Jobs that wait for their time: mostly for the next try. */
  readonly deferred: number;
  readonly dead: number;
  /** The oldest of what failed for good. */
  readonly letters: readonly DeadLetter[];
}

/** What is known of the queues of jobs, and a second chance for what failed for good. */
export interface Queues {
  list(): Promise<QueueReport[]>;
  /** Does the jobs again that failed for good; `undefined` where there is no such queue. */
  sendAgain(name: string): Promise<number | undefined>;
}

const deadEnding = "_dead";
const shown = 20;

export function createQueues(boss: PgBoss, names: readonly string[]): Queues {
  return {
    list: () => Promise.all(names.map((name) => describe(boss, name))),
    async sendAgain(name) {
      return names.includes(name) ? await boss.redrive(name + deadEnding) : undefined;
    },
  };
}

async function describe(boss: PgBoss, name: string): Promise<QueueReport> {
  const [stats] = await boss.getQueueStats(name);
  const [dead] = await boss.getQueueStats(name + deadEnding);
  const letters = await boss.findJobs(name + deadEnding, { queued: true, limit: shown });
  return {
    name,
    ready: stats?.readyCount ?? 0,
    active: stats?.activeCount ?? 0,
    deferred: stats?.deferredCount ?? 0,
    dead: Math.max(dead?.queuedCount ?? 0, letters.length),
    letters: letters.map(toLetter),
  };
}

function toLetter(job: JobWithMetadata<unknown>): DeadLetter {
  return {
    id: job.id,
    created: job.sourceCreatedOn ?? job.createdOn,
    attempts: (job.sourceRetryCount ?? 0) + 1,
    error: findMessage(job.sourceOutput),
  };
}

/** What a job failed with: the queue keeps the message of an error, or a value. */
function findMessage(output: unknown): string | null {
  if (typeof output !== "object" || output == null || !("message" in output)) return null;
  return typeof output.message === "string" ? output.message.slice(0, 500) : null;
}
