// Whether this checkout generates the C of another commit: for every example and every config of
// emulator-tests/cases/drawn-configs.json.
//
//   node scripts/compare-c.mjs --against COMMIT            the same bytes
//   node scripts/compare-c.mjs --against COMMIT --objects  the same code, whatever its words: each file is compiled
//
// COMMIT is built in a worktree of its own, which is kept in node_modules/.compare-c for the next time. The checkout's
// own dist/ is compiled first when it is stale.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Name and path of each config: the examples', and the drawn ones, written to `folder`. */
function configs(folder) {
  const examples = join(root, "examples");
  const named = readdirSync(examples)
    .map((name) => ({ name: `examples/${name}`, path: join(examples, name, "alloc-gen.json") }))
    .filter(({ path }) => existsSync(path));
  const drawn = JSON.parse(readFileSync(join(root, "emulator-tests/cases/drawn-configs.json"), "utf8"));
  return [
    ...named,
    ...drawn.map((config, index) => {
      const path = join(folder, String(index), "alloc-gen.json");
      mkdirSync(dirname(path));
      writeFileSync(path, JSON.stringify(config));
      return { name: `drawn ${index}`, path };
    }),
  ];
}

/** All files of a config, as the package in `checkout` generates them: generator of [file name, text]. */
function generator(checkout) {
  return async ({ path }) => {
    const pipeline = await import(pathToFileURL(join(checkout, "dist/pipeline.js")).href);
    const heaps = pipeline.prepareHeaps(path, {});
    const files = await pipeline.generateHeaps(heaps);
    const [{ target, loaded }] = heaps.projects;
    return {
      files: files.map(({ name, text }) => [name, text]),
      flags: target.compilerFlags,
      optimize: loaded.config.toolchain.optimize,
    };
  };
}

function buildOf(commit) {
  const folder = join(root, "node_modules/.compare-c", commit);
  if (existsSync(join(folder, "dist/index.js"))) return folder;
  const run = (command, args, cwd) => {
    const { status } = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
  };
  mkdirSync(dirname(folder), { recursive: true });
  run("git", ["worktree", "prune"], root);
  run("git", ["worktree", "add", "--force", "--detach", folder, commit], root);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  run(process.execPath, ["scripts/build.mjs"], folder);
  return folder;
}

/** Hash of the code and the constants of a C file: names of static functions do not matter. */
function objectOf({ files, flags, optimize }, scratch) {
  for (const [name, text] of files) writeFileSync(join(scratch, name), text);
  return files
    .filter(([name]) => name.endsWith(".c"))
    .map(([name]) => {
      const object = join(scratch, "object.o");
      for (const [, text] of files) {
        const header = /#include "(\w+_lock\.h)"/.exec(text)?.[1];
        const NAME = name.replace(/\.c$/, "").toUpperCase();
        if (header !== undefined) {
          const hooks = `unsigned test_lock(void); void test_unlock(unsigned);\n#define ${NAME}_LOCK() test_lock()\n#define ${NAME}_UNLOCK(state) test_unlock(state)\n`;
          writeFileSync(join(scratch, header), hooks);
        }
      }
      const compiled = spawnSync(
        "arm-none-eabi-gcc",
        [
          ...flags,
          "-std=c11",
          optimize,
          "-ffreestanding",
          "-fno-tree-loop-distribute-patterns",
          "-c",
          join(scratch, name),
          "-o",
          object,
        ],
        { encoding: "utf8" },
      );
      if (compiled.status !== 0) throw new Error(`${name} does not compile: ${compiled.stderr}`);
      const listing = spawnSync("arm-none-eabi-objdump", ["-d", "-s", "--no-show-raw-insn", object], {
        encoding: "utf8",
      });
      // What is left out are the names of what the file keeps to itself.
      return listing.stdout
        .replace(/<[^>]*>/g, "<>")
        .replace(/^.*file format.*$/m, "")
        .replace(/^Disassembly of section .*$|^Contents of section .*$/gm, "")
        .replace(/\b[0-9a-f]{8} <>:/g, "<>:");
    });
}

async function compareAll({ against, mine, chosen, objects }) {
  const [before, after] = [generator(against), generator(mine)];
  const scratch = mkdtempSync(join(tmpdir(), "alloc-gen-objects-"));
  const differing = [];
  for (const config of chosen) {
    try {
      const [old, fresh] = [await before(config), await after(config)];
      const same = objects
        ? JSON.stringify(objectOf(old, scratch)) === JSON.stringify(objectOf(fresh, scratch))
        : JSON.stringify(old.files) === JSON.stringify(fresh.files);
      if (!same) {
        const hash = createHash("sha256").update(config.name).digest("hex").slice(0, 8);
        const folder = join(tmpdir(), "alloc-gen-compare-c", hash);
        for (const [side, { files }] of [
          ["before", old],
          ["after", fresh],
        ]) {
          mkdirSync(join(folder, side), { recursive: true });
          for (const [name, text] of files) writeFileSync(join(folder, side, name), text);
        }
        differing.push(`${config.name}: diff -r ${join(folder, "before")} ${join(folder, "after")}`);
      }
    } catch (error) {
      differing.push(`${config.name}: ${error.stack ?? error}`);
    }
  }
  rmSync(scratch, { recursive: true });
  return differing;
}

if (isMainThread) {
  const { values } = parseArgs({ options: { against: { type: "string" }, objects: { type: "boolean" } } });
  if (values.against === undefined) throw new Error("--against COMMIT is missing");
  const commit = spawnSync("git", ["rev-parse", "--verify", `${values.against}^{commit}`], {
    cwd: root,
    encoding: "utf8",
  });
  if (commit.status !== 0) throw new Error(`no commit ${values.against}`);
  const built = spawnSync(process.execPath, ["scripts/build.mjs", "--if-stale"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (built.status !== 0) process.exit(1);
  const against = buildOf(commit.stdout.trim());
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-configs-"));
  const all = configs(folder);
  const workers = Math.min(2, availableParallelism());
  const parts = await Promise.all(
    Array.from({ length: workers }, (_, part) => {
      const chosen = all.filter((_config, index) => index % workers === part);
      const worker = new Worker(fileURLToPath(import.meta.url), {
        workerData: { against, mine: root, chosen, objects: values.objects === true },
      });
      return new Promise((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
      });
    }),
  );
  rmSync(folder, { recursive: true });
  const differing = parts.flat();
  for (const line of differing.slice(0, 20)) console.log(line);
  console.log(
    `${all.length - differing.length} of ${all.length} configs give the same ${values.objects ? "code" : "files"}`,
  );
  process.exitCode = differing.length === 0 ? 0 : 1;
} else {
  parentPort.postMessage(await compareAll(workerData));
}
