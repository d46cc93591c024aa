import type { MessageQueue, MessageQueueEnqueueOptions, MessageQueueListenOptions } from "@fedify/fedify";
import { getLogger } from "@logtape/logtape";
import { asObject } from "../claims/json.ts";
import { registrableDomain } from "../core/registrable-domain.ts";
import { createInboxPlaces, places } from "./inbox-places.ts";
import type { Jobs } from "./jobs.ts";
import { NoActorError } from "./remote-actor.ts";

const logger = getLogger(["artdag", "federation", "inbox"]);

/** When an activity is looked at again for which there was no place, in seconds. */
const later = 5;

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
    const takePlace = createInboxPlaces();
    await this.#jobs.work("inbox", places, async (job) => {
      const message: unknown = JSON.parse(job.message);
      const done = await takePlace(findDomain(message), () => dropUnusable(handler, message));
      if (!done) await this.#jobs.send("inbox", job, { delay: later });
    });
    // The workers are stopped with the queue; until then somebody listens.
    const { promise, resolve } = Promise.withResolvers<void>();
    options?.signal?.addEventListener("abort", () => resolve());
    await promise;
  }
}

/** An actor who is none, or whose inbox is somebody else's, will be that the next time too. */
async function dropUnusable(
  handler: (message: unknown) => Promise<void> | void,
  message: unknown,
): Promise<void> {
  try {
    await handler(message);
  } catch (error) {
    if (!(error instanceof NoActorError)) throw error;
    logger.debug("An activity is dropped: {error}", { error });
  }
}

/** The registrable domain of whoever sent the activity in a message of Fedify's. */
function findDomain(message: unknown): string {
  const actor = asObject(asObject(message)?.["activity"])?.["actor"];
  const url = URL.parse(String(asObject(actor)?.["id"] ?? actor));
  return url == null ? "" : registrableDomain(url.hostname);
}
