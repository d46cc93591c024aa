import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { makeTemporaryDirectory } from "../../test/helpers/server.ts";
import { makePrivateDirectory, tighten, writeOnce } from "./write-once.ts";

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  file = path.join(directory, "file");
});

async function modeOf(name: string): Promise<string> {
  return ((await stat(name)).mode & 0o777).toString(8);
}

describe("a file that is written once", () => {
  test("has its content and mode, and nothing is left beside it", async () => {
    expect(await writeOnce(file, "content", 0o600)).toBe(true);
    expect(await readFile(file, "utf8")).toBe("content");
    expect(await modeOf(file)).toBe("600");
    expect(await readdir(directory)).toEqual(["file"]);
  });

  test("is not written again", async () => {
    await writeFile(file, "first");
    expect(await writeOnce(file, "second", 0o600)).toBe(false);
    expect(await readFile(file, "utf8")).toBe("first");
    expect(await readdir(directory)).toEqual(["file"]);
  });

  test("does not follow a link that stands in its place", async () => {
    await symlink(path.join(directory, "target"), file);
    expect(await writeOnce(file, "content", 0o600)).toBe(false);
    expect(await readdir(directory)).toEqual(["file"]);
  });

  test("is one writer's whole, of twenty at once", async () => {
    const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
    const written = await Promise.all(contents.map((content) => writeOnce(file, content, 0o600)));
    expect(written.filter(Boolean)).toHaveLength(1);
    expect(await readFile(file, "utf8")).toBe(contents[written.indexOf(true)]);
    expect(await readdir(directory)).toEqual(["file"]);
  });

  test("can't be written where there is no directory", async () => {
    await expect(writeOnce(path.join(directory, "no", "file"), "", 0o600)).rejects.toThrow("ENOENT");
  });
});

describe("a private directory", () => {
  test("is made with its parents, for its owner alone", async () => {
    const deep = path.join(directory, "a", "b");
    await makePrivateDirectory(deep);
    expect(await modeOf(deep)).toBe("700");
    expect(await modeOf(path.dirname(deep))).toBe("700");
  });

  test("that stands there is made private", async () => {
    const open = path.join(directory, "open");
    await mkdir(open);
    await chmod(open, 0o755);
    await makePrivateDirectory(open);
    expect(await modeOf(open)).toBe("700");
  });
});

test.each([
  ["644", "600"],
  ["604", "600"],
  ["610", "600"],
  ["400", "400"],
  ["700", "700"],
])("a file of mode %s has mode %s once it is tightened", async (before, after) => {
  await writeFile(file, "");
  await chmod(file, Number.parseInt(before, 8));
  await tighten(file, 0o600);
  expect(await modeOf(file)).toBe(after);
});
