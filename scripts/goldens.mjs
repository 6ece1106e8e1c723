// Writes examples/*/generated anew and removes what is no longer generated: `git diff` then shows what is stale.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const examples = join(root, "examples");
const configs = readdirSync(examples)
  .map((name) => join(examples, name, "alloc-gen.json"))
  .filter((path) => existsSync(path));

for (const config of configs) {
  const program = join(root, "dist", "cli", "main.js");
  const { status, stderr } = spawnSync(process.execPath, [program, "generate", config], {
    cwd: root,
    encoding: "utf8",
  });
  process.stderr.write(stderr);
  if (status !== 0) process.exit(status ?? 1);
  const folder = join(dirname(config), "generated");
  const written = stderr
    .split("\n")
    .map((line) => /^(?:wrote|unchanged) (.+)$/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map((path) => join(root, path));
  const orphans = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => !written.includes(path));
  for (const path of orphans) {
    process.stderr.write(`removed ${path}\n`);
    rmSync(path, { recursive: true });
  }
}
