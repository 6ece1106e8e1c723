/** Every example: its committed C is what its config generates, and its program runs on the emulated core. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../src/toolchain/build-program.js";
import { maskLacking } from "../src/machine/registry.js";
import { packageFolder } from "../src/package-folder.js";
import { generateHeaps, prepareHeaps } from "../src/pipeline.js";
import { loadTarget } from "../src/targets/load.js";
import { runProgram } from "./support/run-program.js";
import { targetNames } from "./support/targets.js";

const examples = join(packageFolder(), "examples");
const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, "alloc-gen.json")));

test("the examples are there", () => {
  expect(names).toEqual(
    expect.arrayContaining(["quickstart", "seed", "smallest", "two-heaps", "growing-text", "packets"]),
  );
});

describe.each(names)("examples/%s", (name) => {
  const folder = join(examples, name);
  const heaps = prepareHeaps(join(folder, "alloc-gen.json"), {});

  test("generated/ holds what the config generates, and nothing else", async () => {
    const committed = readdirSync(join(folder, "generated")).map((file) => ({
      name: file,
      text: readFileSync(join(folder, "generated", file), "utf8"),
    }));
    const byName = (left: { readonly name: string }, right: { readonly name: string }) =>
      left.name.localeCompare(right.name);
    const generated = (await generateHeaps(heaps)).map(({ name: file, text }) => ({ name: file, text }));
    expect(committed.toSorted(byName)).toEqual(generated.toSorted(byName));
  });

  // What has glue is a program for a board: real-programs.test.ts.
  const isAlone = heaps.projects.every(({ loaded }) => loaded.config.outputs.length === 0);
  // A config that names a mask is for the cores that have it.
  const kinds = heaps.projects.map(({ loaded }) => loaded.config.lock.kind);
  const targets = targetNames.filter((target) =>
    kinds.every(
      (kind) => kind === "none" || kind === "custom" || maskLacking(kind, loadTarget(target)) === undefined,
    ),
  );
  test.each(isAlone ? targets : [])("main.c runs on %s and finds nothing wrong", async (targetName) => {
    const target = loadTarget(targetName);
    const own = prepareHeaps(join(folder, "alloc-gen.json"), { target: targetName });
    const files = await generateHeaps(own);
    const toolchain = own.projects[0]?.loaded.config.toolchain;
    if (toolchain === undefined) throw new Error("a config without heaps");
    const program = await buildProgram({
      sources: files.filter(({ name: file }) => /\.[ch]$/.test(file)),
      program: [{ name: "main.c", text: readFileSync(join(folder, "main.c"), "utf8") }],
      target,
      ...toolchain,
    });
    expect(runProgram(program, target)).toBe(0);
  });
});
