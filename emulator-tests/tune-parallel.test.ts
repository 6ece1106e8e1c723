/** Parts of a search under GNU parallel, as docs/tune.md has it: the front is the one of a search in one piece. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFolder } from "../src/package-folder.js";
import { temporaryFolder } from "../src/toolchain/kept-folder.js";
import { readTrace } from "../src/traces/read.js";
import { formatTrace } from "../src/traces/write.js";

const recorded = readTrace(join(packageFolder(), "examples/traces/coap-server.trace.gz"));
const trace = { ...recorded, operations: recorded.operations.slice(0, 150) };

test("parts that GNU parallel runs are joined to what one piece finds", () => {
  const folder = temporaryFolder();
  const run = (program: string, words: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, words, {
      cwd: folder.path,
      encoding: "utf8",
      // What is found is kept: each way begins with nothing.
      env: { ...process.env, ALLOC_GEN_CACHE: join(folder.path, "cache") },
    });
    if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${status}\n${stderr}`);
    return stdout;
  };
  try {
    writeFileSync(join(folder.path, "short.trace"), formatTrace(trace));
    const loader = join(packageFolder(), "node_modules/tsx/dist/loader.mjs");
    const main = join(packageFolder(), "src/cli/main.ts");
    const tune = ["--import", loader, main, "tune", "--trace", "short.trace", "--perturb", "2"];
    const options = ["--optimize", "-Os", "--engine", "js", "--quiet", "--processes", "1"];
    const command = [process.execPath, ...tune, ...options].map((word) => `'${word}'`).join(" ");
    const parts = ["1", "2"];
    run("parallel", [
      "--will-cite",
      "-j",
      "1",
      `${command} --shard {}/2 --part part-{}.json`,
      ":::",
      ...parts,
    ]);
    for (const part of parts)
      expect(readFileSync(join(folder.path, `part-${part}.json`), "utf8")).toContain('"identity"');
    const merged = parts.flatMap((part) => ["--merge", `part-${part}.json`]);
    const joined = run(process.execPath, [...tune, ...options, "--json", ...merged]);
    expect(JSON.parse(joined)).toEqual(JSON.parse(run(process.execPath, [...tune, ...options, "--json"])));
  } finally {
    folder.remove();
  }
}, 600_000);
