import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.join(import.meta.dirname, "..");

/** What the files of a folder may import of the other folders. Their own folder is always allowed. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "src/core": [],
  "src/claims": ["src/core"],
  "src/db": ["src/core"],
  "src/net": ["src/core"],
  "src/l1": ["src/net", "src/core"],
  "src/accounts": ["src/db", "src/net", "src/core"],
  "src/registry": ["src/db", "src/claims", "src/l1", "src/core"],
  "src/federation": ["src/registry", "src/accounts", "src/db", "src/claims", "src/net", "src/core"],
  "src/web": ["src/registry", "src/accounts", "src/db", "src/claims", "src/net", "src/core"],
  "src/web/islands": ["src/core", "src/claims"],
};

/** May import everything; nobody imports a file that lies directly in src. */
const free = new Set(["src", "src/cli"]);

interface Source {
  readonly file: string;
  readonly folder: string;
  readonly imports: readonly string[];
  readonly text: string;
}

const sources = listSources("src");

function listSources(folder: string): Source[] {
  const entries = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test(?:-helper)?\.tsx?$/.test(entry.name),
    )
    .map((entry) => {
      const file = path.relative(root, path.join(entry.parentPath, entry.name));
      const text = readFileSync(path.join(root, file), "utf8");
      return { file, folder: findFolder(file), imports: findImports(file, text), text };
    });
}

/** The folder of the table in which a file lies, the most particular one. */
function findFolder(file: string): string {
  const parts = path.dirname(file).split("/");
  for (let length = parts.length; length > 1; length--) {
    const folder = parts.slice(0, length).join("/");
    if (allowed[folder] != null || free.has(folder)) return folder;
  }
  return "src";
}

/** The files of ours that a file imports, types included, static or dynamic. */
function findImports(file: string, text: string): string[] {
  const matches = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g);
  return [...matches].map(([, target = ""]) => path.join(path.dirname(file), target));
}

describe("the house", () => {
  test("has its sources where this test looks for them", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(200);
  });

  test("lets every folder import only what the table allows", () => {
    const offences = sources.flatMap(({ file, folder, imports }) =>
      imports
        .filter((target) => {
          const to = findFolder(target);
          if (folder === to && target.startsWith("src/")) return false;
          if (free.has(folder)) return false;
          return !(allowed[folder] ?? []).includes(to);
        })
        .map((target) => `${file} -> ${target}`),
    );
    expect(offences).toEqual([]);
  });

  test("has no cycle, types included", () => {
    const graph = new Map(sources.map(({ file, imports }) => [file, imports]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(" -> "));
        return;
      }
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    };
    for (const { file } of sources) visit(file, []);
    expect(cycles).toEqual([]);
  });

  test("sends requests from src/net only", () => {
    const senders = sources.filter(
      ({ file, text }) =>
        !file.startsWith("src/net/") &&
        !file.startsWith("src/web/islands/") &&
        /(?<![.\w])fetch\(/.test(text),
    );
    expect(senders.map(({ file }) => file)).toEqual([]);
  });

  test("reads the environment in main.ts and the commands only", () => {
    const readers = sources.filter(
      ({ file, text }) =>
        /process\.env(?!\["PATH"\])/.test(text) && file !== "src/main.ts" && !file.startsWith("src/cli/"),
    );
    expect(readers.map(({ file }) => file)).toEqual([]);
  });

  test("keeps migrations apart from the sources, which change", () => {
    for (const file of readdirSync(path.join(root, "migrations"))) {
      const text = readFileSync(path.join(root, "migrations", file), "utf8");
      expect(text, file).not.toMatch(/from "\.\.?\//);
    }
  });

  test("has no file over 250 lines", () => {
    const long = sources.filter(({ text }) => text.split("\n").length > 251).map(({ file }) => file);
    expect(long).toEqual([]);
  });
});
