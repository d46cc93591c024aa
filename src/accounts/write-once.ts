import { randomUUID } from "node:crypto";
import { chmod, link, mkdir, open, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { getLogger } from "@logtape/logtape";

const logger = getLogger(["artdag", "accounts", "files"]);

/**
 * Writes a file that does not exist yet, whole or not at all. Gives `false`, and changes nothing, where one exists:
 * also when another process makes it at the same moment.
 */
export async function writeOnce(file: string, content: string, mode: number): Promise<boolean> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`);
  const handle = await open(temporary, "wx", mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await handle.close();
    // A hard link, unlike a rename, never replaces what is there.
    await link(temporary, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await handle.close().catch(() => undefined);
    await unlink(temporary);
  }
}

/** Makes a directory that only its owner may enter, or tightens the one that is there. */
export async function makePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await tighten(directory, 0o700);
}

/** Takes from group and others what they may do with a file, and says so in the log. */
export async function tighten(file: string, mode: number): Promise<void> {
  const { mode: found } = await stat(file);
  if ((found & 0o077) === 0) return;
  await chmod(file, mode);
  logger.warn("{file} could be read by others (mode {found}); it is private now ({mode}).", {
    file,
    found: (found & 0o777).toString(8),
    mode: mode.toString(8),
  });
}
