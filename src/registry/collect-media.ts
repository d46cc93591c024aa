import { getLogger } from "@logtape/logtape";
import {
  deleteMedia,
  findMedia,
  listUnusedMedia,
  lockUnusedMedia,
  markMediaUsed,
  tryLockMedia,
} from "../db/media.ts";
import type { Transaction } from "../db/schema.ts";
import type { RegistryContext } from "./context.ts";
import type { MediaFiles, MediaWrite } from "./media-files.ts";

const logger = getLogger(["artdag", "registry", "media"]);

type Context = Pick<RegistryContext, "db" | "mediaFiles">;

/**
 * Deletes the images that show no asset any more. Where that fails, or inside a transaction, it is left to
 * {@link startMediaSweep}: what was to be done before is done all the same.
 */
export async function collectMedia({ db, mediaFiles }: Context): Promise<void> {
  if (db.isTransaction) return;
  await orLater(async () => {
    let hashes = await listUnusedMedia(db, "");
    while (hashes.length > 0) {
      for (const hash of hashes) {
        await db.transaction().execute((trx) => collect(trx, mediaFiles, hash));
      }
      hashes = await listUnusedMedia(db, hashes.at(-1) ?? "");
    }
  });
}

/** Ends a write: an image that nothing was noted of is deleted. Where somebody else writes the same, he will. */
export async function settleWrite({ db, mediaFiles }: Context, write: MediaWrite): Promise<void> {
  if (db.isTransaction) return;
  await orLater(() =>
    db.transaction().execute(async (trx) => {
      if (!(await tryLockMedia(trx, write.hash))) return;
      if ((await findMedia(trx, write.hash)) == null) await mediaFiles.remove(write.hash);
      await mediaFiles.end(write);
    }),
  );
}

/**
 * Does now and every `interval` milliseconds what was left: writes that a crash has interrupted, images that show
 * nothing any more. Gives a function that ends this.
 */
export function startMediaSweep(context: Context, interval = 60_000): () => Promise<void> {
  const sweep = async () => {
    await orLater(async () => {
      for (const write of await context.mediaFiles.listWrites()) await settleWrite(context, write);
    });
    await collectMedia(context);
  };
  let running = sweep();
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, interval);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function collect(trx: Transaction, mediaFiles: MediaFiles, hash: string): Promise<void> {
  const state = await lockUnusedMedia(trx, hash);
  if (state === "busy_or_gone" || !(await tryLockMedia(trx, hash))) return;
  if (state === "used") {
    await markMediaUsed(trx, hash);
    return;
  }
  await deleteMedia(trx, hash);
  // Before the locks go: whoever puts the same image here again does so afterwards.
  await mediaFiles.remove(hash);
}

async function orLater(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.warn("Images that show nothing any more could not be deleted; this is tried again: {error}", {
      error,
    });
  }
}
