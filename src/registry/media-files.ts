import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";

/** A write that has begun: what stands here after a crash was, perhaps, not finished. */
export interface MediaWrite {
  readonly hash: string;
  readonly file: string;
}

/** Files by the hash of their bytes, in one directory that several processes may share. */
export interface MediaFiles {
  /** Names a write to come. */
  begin(hash: string): MediaWrite;
  /**
   * Puts a file in its place, whole, so that it is still there after a power cut. The write stands until `end`, also
   * where this fails.
   */
  write(write: MediaWrite, bytes: Uint8Array): Promise<void>;
  end(write: MediaWrite): Promise<void>;
  /** The writes that have not ended. */
  listWrites(): Promise<MediaWrite[]>;
  /** `undefined` where there is no such file. The caller closes it. */
  open(hash: string): Promise<FileHandle | undefined>;
  remove(hash: string): Promise<void>;
}

const writeName = /^([0-9a-f]{64})\.[0-9a-f-]{36}$/;

/** The files under a directory, which is made when the first one is written. */
export function createMediaFiles(directory: string): MediaFiles {
  const incoming = path.join(directory, "incoming");
  const begin = (hash: string) => ({ hash, file: path.join(incoming, `${hash}.${randomUUID()}`) });
  const fileOf = (hash: string) => path.join(directory, hash.slice(0, 2), hash);
  return {
    begin,
    async write(write, bytes) {
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      await writeThrough(write.file, bytes);
      const target = fileOf(write.hash);
      const made = await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      // The second name is what moves, so that the first one stands for the write until its end.
      const { file: twin } = begin(write.hash);
      await link(write.file, twin);
      await rename(twin, target);
      await syncDirectory(path.dirname(target));
      if (made != null) await syncDirectory(directory);
    },
    end: ({ file }) => absentIs(undefined, unlink(file)),
    async listWrites() {
      const names = await absentIs([], readdir(incoming));
      return names.flatMap((name) => {
        const hash = writeName.exec(name)?.[1];
        return hash == null ? [] : [{ hash, file: path.join(incoming, name) }];
      });
    },
    open: (hash) => absentIs(undefined, open(fileOf(hash), "r")),
    remove: (hash) => absentIs(undefined, unlink(fileOf(hash))),
  };
}

async function writeThrough(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function absentIs<T, A>(answer: A, work: Promise<T>): Promise<T | A> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return answer;
    throw error;
  }
}
