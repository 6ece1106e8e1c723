/** What a config is accepted for builds without a warning, whatever names, sizes and headers a user brings. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { macrosOf } from "../src/csource/macros.js";
import { emitC } from "../src/outputs/c/emit.js";
import { allocatorNames } from "../src/outputs/c/names.js";
import { buildProject, generate, prepare } from "../src/pipeline.js";
import { makePlan } from "../src/policies/make-plan.js";
import { loadTarget } from "../src/targets/load.js";
import { openCache } from "../src/toolchain/cache.js";
import { compile } from "../src/toolchain/compile.js";
import { families } from "../src/toolchain/families.js";
import { languageFlags } from "../src/toolchain/flags.js";
import { standIns } from "../src/toolchain/build-image.js";
import { findToolchain } from "../src/toolchain/toolchain.js";
import { machineOf } from "../src/machine/registry.js";
import { bitmap, pool, segregated, sequential, testConfig, type TestConfig } from "./support/configs.js";

async function builds(config: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-accepted-"));
  try {
    const file = join(folder, "alloc-gen.json");
    writeFileSync(file, JSON.stringify({ name: "h", target: "cortex-m4", ...config }));
    const project = prepare(file, {});
    await buildProject(project, generate(project));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const segregatedFit = { kind: "segregated-fit" };

describe("builds", () => {
  test.each([["384KiB"], ["512KiB"], ["600KiB"]])("pools with a gap before large blocks, %s", (size) =>
    builds({
      heap: { size },
      policy: { kind: "pool", classes: [{ size: 40, count: 32 }, { size: 4096 }] },
      api: { check: true, alignedAlloc: true },
    }),
  );

  test.each(["cortex-m0plus", "cortex-m3", "cortex-m7"])("512 bytes, aligned allocation, %s", (target) =>
    builds({ target, heap: { size: 512 }, policy: segregatedFit, api: { alignedAlloc: true } }),
  );

  test("between the symbols of a GNU linker script", () =>
    builds({
      heap: { size: 4096, placement: { kind: "linker", start: "__heap_start__", end: "__end__" } },
      policy: segregatedFit,
    }));

  test.each([".bss.heap", ".noinit", ".ccmram", ".heap", "HEAP"])("in section %s", (section) =>
    builds({ heap: { size: 4096, placement: { kind: "static", section } }, policy: segregatedFit }),
  );
});

const everyFunction = {
  ...{ calloc: true, realloc: true, alignedAlloc: true },
  ...{ usableSize: true, walk: true, check: true, stats: true, counters: true },
};
const lock = { kind: "custom", header: "my_lock.h" } as const;
const fields = { magic: { bits: 8, value: 0xa5 }, checksum: { bits: 8 }, tag: { bits: 4 } };

test.each<[string, TestConfig]>([
  ["segregated", { policy: segregated(), fields, api: everyFunction, lock }],
  ["sequential", { policy: sequential(), fields, api: everyFunction, lock }],
  ["pool", { policy: pool([[16, 9], [64]]), api: everyFunction, lock }],
  ["bitmap", { policy: bitmap(), api: everyFunction, lock }],
])("a lock's header may define each macro of the C by its plain name: %s", async (_name, written) => {
  const config = testConfig(written);
  const target = loadTarget(config.target);
  const plan = makePlan(config, target);
  const provenance = { version: "0", configName: "a.json", configHash: "0", targetName: target.name };
  const sources = emitC(plan, provenance);
  const own = sources.flatMap(({ text }) => macrosOf(text));
  const plain = own
    .filter((name) => name.startsWith("APP_HEAP_"))
    .map((name) => name.slice("APP_HEAP_".length));
  expect(own.filter((name) => !name.startsWith("APP_HEAP_"))).toEqual([]);
  expect(plain.length).toBeGreaterThan(5);
  const defined = plain.map((name) => `#define ${name} "of the user's"\n`).join("");
  const hooks = standIns(allocatorNames(plan), machineOf(target)).map(({ name, text }) => ({
    name,
    text: `${defined}${text}`,
  }));
  const cache = openCache();
  const { warnings, code } = families.gcc.flags;
  const flags = [...target.compilerFlags, "-O2", ...languageFlags, ...warnings, ...code];
  await compile(
    {
      toolchain: findToolchain(config.toolchain.compiler, cache),
      files: [...sources, ...hooks],
      units: [{ source: "app_heap.c", object: "app_heap.o", flags }],
      linkFlags: ["-r", "-nostdlib"],
    },
    cache,
  );
});
