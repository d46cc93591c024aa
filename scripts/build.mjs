// Builds dist/: the server with tsc, the browser's bundle and stylesheet with esbuild. Does nothing when the sources
// are those of the last build, and puts a new build in place at once, since a running server may read the old one.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const root = path.join(import.meta.dirname, "..");
const dist = path.join(root, "dist");
const stamp = path.join(dist, ".sources");
const sources = fingerprint();
if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) process.exit(0);

const fresh = path.join(root, `dist.${process.pid}`);
try {
  compile(fresh);
  await bundle(path.join(fresh, "public"));
  writeFileSync(path.join(fresh, ".sources"), sources);
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const folder of ["src", "migrations", "scripts"]) {
    const files = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
    for (const name of names.toSorted()) hash.update(path.relative(root, name)).update(readFileSync(name));
  }
  for (const name of ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"]) {
    hash.update(readFileSync(path.join(root, name)));
  }
  return hash.digest("hex");
}

function compile(outDir) {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", "tsconfig.build.json", "--outDir", outDir];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The sources don't compile.");
}

function bundle(outdir) {
  return build({
    absWorkingDir: root,
    entryPoints: [
      { in: "src/web/style.css", out: "style" },
      { in: "src/web/islands/main.tsx", out: "islands" },
      { in: "src/web/islands/hash-worker.ts", out: "hash-worker" },
    ],
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}
