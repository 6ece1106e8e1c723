/** The packed tarball, as a project that installs it sees it. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

let folder: string;
let packed: readonly string[];

/** Runs a program in the empty project. */
function run(program: string, ...words: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, out: stdout, err: stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-package-"));
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs"), "--if-stale"]);
  const words = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const listing = JSON.parse(execFileSync("npm", words, { cwd: root, encoding: "utf8" })) as unknown;
  packed = filesOf(listing);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  writeFileSync(join(folder, "package.json"), '{ "name": "an-empty-project", "private": true }\n');
  execFileSync("npm", [
    "install",
    ...["--prefix", folder, "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"],
    join(folder, tarball),
  ]);
});

/** npm prints a list of packages up to version 10 and an object of them by name later. */
function filesOf(listing: unknown): readonly string[] {
  const packages = Object.values(listing as Record<string, { files: { path: string }[] }>);
  return packages.flatMap(({ files }) => files.map(({ path }) => path));
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed tarball", () => {
  it("holds what runs and none of what tests", () => {
    for (const folderName of ["dist/cli/", "templates/", "targets/cortex-m4/", "schema/", "peers/newlib/"]) {
      expect(packed.filter((path) => path.startsWith(folderName))).not.toEqual([]);
    }
    expect(packed).toContain("LICENSE");
    // The program in one file, with the licences of the packages in it.
    for (const name of ["program.js", "program.code", "thread.js", "thread.code", "licences.txt"]) {
      expect(packed).toContain(`dist/bundle/${name}`);
    }
    expect(packed.filter((path) => /\.test\.|^(?:src|examples|emulator-tests)\//.test(path))).toEqual([]);
  });

  it("writes a first config and runs the main job on it, by the two commands of the README", () => {
    expect(run("npx", "alloc-gen", "init", "--yes")).toMatchObject({ code: 0, out: "" });
    const config = readFileSync(join(folder, "alloc-gen.json"), "utf8");
    expect(config).toContain("//");

    const main = run("npx", "alloc-gen", "--target", "cortex-m4", "--json");
    expect(main).toMatchObject({ code: 0 });
    expect(JSON.parse(main.out)).toMatchObject({ version: 1, ok: true, target: "cortex-m4" });
    const generated = readdirSync(join(folder, "generated"));
    expect(generated.filter((name) => /\.[ch]$/.test(name))).toHaveLength(2);
  });

  it("writes the same files with the templates in the program as the library with those in the folder", () => {
    const library = `const { generateAll, prepare } = await import("alloc-gen");
      console.log(JSON.stringify(await generateAll(prepare("alloc-gen.json", { target: "cortex-m4" }))));`;
    const { out } = run(process.execPath, "--input-type=module", "--eval", library);
    const files = JSON.parse(out) as readonly { readonly name: string; readonly text: string }[];
    expect(files.map(({ name }) => name).sort()).toEqual(readdirSync(join(folder, "generated")).sort());
    for (const { name, text } of files)
      expect(readFileSync(join(folder, "generated", name), "utf8")).toBe(text);
  });

  it.each([
    ["boundary bits", 'policy={"kind":"segregated-fit"}', 'header={"boundaryTag":"bits"}'],
    ["a bitmap", 'policy={"kind":"bitmap"}'],
    ["buddies", 'policy={"kind":"buddy"}'],
    ["an arena", 'policy={"kind":"bump"}'],
    ["a pool", 'policy={"kind":"pool","classes":[{"size":32}]}'],
  ])("has the decoder of every layout module without a parser: %s", (_name, ...values) => {
    const words = values.flatMap((value) => ["--set", value]);
    const out = mkdtempSync(join(tmpdir(), "alloc-gen-layout-"));
    expect(run("npx", "alloc-gen", "generate", "--out", out, "--quiet", ...words)).toMatchObject({
      code: 0,
      err: "",
    });
    expect(readdirSync(out).filter((name) => name.endsWith(".layout.ts"))).toHaveLength(1);
    rmSync(out, { recursive: true });
  });

  it("has code that V8 takes for its own, and a thread that starts", () => {
    const program = `
      import { readFileSync } from "node:fs";
      import { Script } from "node:vm";
      import { Worker } from "node:worker_threads";
      const dist = new URL("node_modules/alloc-gen/dist/", "file://" + process.cwd() + "/");
      const { tuneForShortRuns } = await import(new URL("cli/short-runs.js", dist));
      tuneForShortRuns();
      for (const name of ["program", "thread"]) {
        const [text, cachedData] = [".js", ".code"].map((end) => readFileSync(new URL("bundle/" + name + end, dist)));
        console.log(new Script(text.toString("latin1"), { cachedData }).cachedDataRejected);
      }
      const worker = new Worker(new URL("ahead/start.js", dist), { workerData: "js", execArgv: [] });
      worker.once("message", (word) => (console.log(word), worker.terminate()));`;
    expect(run(process.execPath, "--input-type=module", "--eval", program)).toEqual({
      ...{ code: 0, err: "" },
      out: "false\nfalse\nready\n",
    });
  });

  it("does not overwrite that config", () => {
    expect(run("npx", "alloc-gen", "init", "--yes")).toMatchObject({ code: 2 });
  });

  it("lets a program import the library with its types", () => {
    expect(existsSync(join(folder, "node_modules", "alloc-gen", "dist", "index.d.ts"))).toBe(true);
    const program = 'const library = await import("alloc-gen"); console.log(typeof library.prepare);';
    expect(run(process.execPath, "--input-type=module", "--eval", program).out).toBe("function\n");
  });

  it("lets a page import what runs in a browser, with its types", async () => {
    expect(packed).toContain("dist/browser.d.ts");
    const { outputFiles } = await build({
      stdin: { contents: 'export * from "alloc-gen/browser";', resolveDir: folder },
      bundle: true,
      platform: "browser",
      format: "iife",
      globalName: "allocGen",
      write: false,
      logLevel: "silent",
    });
    const target = readFileSync(
      join(folder, "node_modules", "alloc-gen", "targets", "cortex-m4", "target.json"),
      "utf8",
    );
    const config = {
      name: "app_heap",
      target: "cortex-m4",
      heap: { size: "4KiB" },
      policy: { kind: "segregated-fit" },
      verify: { operations: 100, workloads: ["uniform"], traces: [] },
    };
    // What pages have, and nothing of Node's.
    const page = createContext({ TextDecoder, TextEncoder, performance, console });
    runInContext(outputFiles[0]?.text ?? "", page);
    const program = `const heap = allocGen.planHeap(${JSON.stringify(config)}, { "cortex-m4": ${target} });
      const [{ operations }] = allocGen.workloadsOf(heap);
      allocGen.referenceOffsets(heap, operations).some((offset) => offset > 0);`;
    expect(runInContext(program, page)).toBe(true);
  });
});
