import { open, stat } from "node:fs/promises";

/** The size of a file in bytes, 0 when there is none. */
export async function fileSize(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** The last lines of a log, of what was written since it had `offset` bytes; at most 4 KiB. */
export async function logTail(path: string, offset: number, lines = 15): Promise<string> {
  const size = await fileSize(path);
  const from = Math.max(offset, size - 4096);
  if (size <= from) return "(nothing)";
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString("utf8", 0, bytesRead).trim().split("\n").slice(-lines).join("\n");
  } finally {
    await file.close();
  }
}
