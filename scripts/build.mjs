// Compiles src/ to dist/. With --if-stale only when a source is newer. Needs the npm packages and nothing else.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, "dist", "cli", "main.js");
const inputs = [
  "tsconfig.json",
  "tsconfig.build.json",
  "package-lock.json",
  join("scripts", "bundle.mjs"),
  join("scripts", "bundle-page.mjs"),
];

/** Newest change of the sources, in milliseconds. */
function newestInput() {
  const sources = readdirSync(join(root, "src"), { recursive: true })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => join("src", name));
  const templates = readdirSync(join(root, "templates"), { recursive: true }).map((name) =>
    join("templates", name),
  );
  const page = readdirSync(join(root, "page")).map((name) => join("page", name));
  return Math.max(
    ...[...sources, ...templates, ...page, ...inputs].map((name) => statSync(join(root, name)).mtimeMs),
  );
}

export function isStale() {
  return !existsSync(program) || statSync(program).mtimeMs < newestInput();
}

/**
 * Compiles into a folder of its own that replaces dist/ only when all is well, so that a failed build never passes for
 * a finished one. True when it did.
 */
export function build() {
  const fresh = join(root, "node_modules", `.dist-${process.pid}`);
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const run = (...words) => spawnSync(process.execPath, words, { cwd: root, stdio: "inherit" }).status === 0;
  if (
    !run(compiler, "-p", "tsconfig.build.json", "--outDir", fresh) ||
    !run(join(root, "scripts", "split-decoders.mjs"), fresh) ||
    !run(join(root, "scripts", "bundle-page.mjs"), fresh) ||
    !run(join(root, "scripts", "bundle.mjs"), fresh)
  ) {
    rmSync(fresh, { recursive: true, force: true });
    return false;
  }
  chmodSync(join(fresh, "cli", "main.js"), 0o755);
  rmSync(join(root, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(root, "dist"));
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = !process.argv.includes("--if-stale") || isStale();
  process.exitCode = !wanted || build() ? 0 : 1;
}
