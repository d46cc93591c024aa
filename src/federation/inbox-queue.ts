import type { MessageQueue, MessageQueueEnqueueOptions, MessageQueueListenOptions } from "@fedify/fedify";
import type { Jobs } from "./jobs.ts";

/** How many inbox messages one process handles at once. */
const concurrency = 4;

/**
 * Fedify's queue of received activities on the job queue of this server. A message is leased, not taken: when its
 * worker dies it is handled again.
 */
export class InboxQueue implements MessageQueue {
  readonly nativeRetrial = true;
  readonly #jobs: Jobs;

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  async enqueue(message: unknown, options?: MessageQueueEnqueueOptions): Promise<void> {
    const delay = options?.delay?.total("seconds");
    await this.#jobs.send("inbox", { message: JSON.stringify(message) }, delay == null ? {} : { delay });
  }

  async listen(
    handler: (message: unknown) => Promise<void> | void,
    options?: MessageQueueListenOptions,
  ): Promise<void> {
    await this.#jobs.work("inbox", concurrency, async ({ message }) => handler(JSON.parse(message)));
    // The workers are stopped with the queue; until then somebody listens.
    const { promise, resolve } = Promise.withResolvers<void>();
    options?.signal?.addEventListener("abort", () => resolve());
    await promise;
  }
}
