/** `alloc-gen inspect` on memory of the emulated core, as one has it after a crash: RAM, the ELF file, damage. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../src/cli/program.js";
import { packageFolder } from "../src/package-folder.js";
import * as pipeline from "../src/pipeline.js";
import { OperationCode } from "../src/traces/operation.js";
import { Comparison } from "../src/verify/compare.js";
import { benchFor } from "./support/bench.js";
import { segregated } from "./support/configs.js";
import { fromSequence } from "./support/random-operations.js";

const config = `{
  "name": "app_heap",
  "target": "cortex-m4",
  "heap": { "size": "4KiB" },
  "policy": { "kind": "segregated-fit" },
  "header": { "fields": { "requested": true, "tag": { "bits": 4 } } }
}
`;

/** Bytes of RAM in front of the heap. */
const before = 64;
let folder: string;
let base: number;
let ram: Uint8Array;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-inspect-"));
  const bench = await benchFor({
    policy: segregated(),
    size: 4096,
    fields: { requested: {}, tag: { bits: 4 } },
  });
  const malloc = (argument: number) => ({ kind: OperationCode.malloc, argument });
  const free = (argument: number) => ({ kind: OperationCode.free, argument });
  const sizes = [200, 40, 96, 500, 24, 300, 64, 120].map(malloc);
  const comparison = new Comparison(bench, fromSequence([...sizes, free(1), free(3), free(6), malloc(33)]));
  try {
    expect(comparison.start() ?? comparison.advance(12)).toBeUndefined();
    base = bench.image.heapAddress - before;
    ram = new Uint8Array(before + 4096 + 100);
    ram.set(comparison.emulated.heap.subarray(0, 4096), before);
  } finally {
    comparison.close();
  }
  writeFileSync(join(folder, "app_heap.json"), config);
  writeFileSync(join(folder, "firmware.elf"), bench.image.elf);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function inspect(dump: Uint8Array): Promise<{ readonly code: number; readonly text: string }> {
  writeFileSync(join(folder, "ram.bin"), dump);
  let text = "";
  const write = (more: string) => (text += more);
  const words = `inspect ram.bin --config app_heap.json --elf firmware.elf --base 0x${base.toString(16)}`;
  const code = await runProgram(words.split(" "), {
    ...{
      folder,
      out: write,
      err: write,
      interactive: false,
      showsProgress: false,
      colors: false,
      debug: false,
    },
    pipeline: () =>
      Promise.resolve({
        ...pipeline,
        prepare: (path, options) => pipeline.prepare(join(folder, path), options),
      }),
  });
  return { code, text };
}

test("the heap is found in RAM by the symbol of the firmware", async () => {
  const { code, text } = await inspect(ram);
  expect(text).toContain("nothing is damaged");
  expect(code).toBe(0);
});

test("docs/inspect.md shows what a run over the end of a payload looks like", async () => {
  const dump = ram.slice();
  const block = /^ *(0x[0-9a-f]+) +0x[0-9a-f]+ +\d+ +in use +24 /m.exec((await inspect(ram)).text)?.[1] ?? "";
  const payload = before + Number(block) + 4;
  dump.fill(0x55, payload, payload + 40);
  const { code, text } = await inspect(dump);
  expect(code).toBe(1);
  expect(readFileSync(join(packageFolder(), "docs", "inspect.md"), "utf8")).toContain(text);
});
