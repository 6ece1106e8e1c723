/** Clang in GCC's place: the C is free of its warnings, and proven, predicted and bounded as with GCC. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepare, run } from "../src/pipeline.js";
import { checksOfHeap } from "../src/report/checks.js";
import { reportHeap } from "../src/report/make-report.js";
import { chooseSample } from "./support/sample.js";
import { armTargets } from "./support/targets.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-clang-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const api = { calloc: true, realloc: true, alignedAlloc: true, stats: true, check: true };

/** What is written with care of compilers: locks, counting of zeros, loops over words, exclusive accesses. */
const heaps: Readonly<Record<string, object>> = {
  "segregated fit": { policy: { kind: "segregated-fit" }, api },
  "segregated fit, checksum, lock": {
    policy: { kind: "segregated-fit", quickLists: { upTo: 64, most: 8 } },
    header: { fields: { checksum: { bits: 8 }, tag: { bits: 6 } } },
    lock: "primask",
    api: { calloc: true, realloc: true },
  },
  "best fit": { policy: { kind: "sequential-fit", fit: "best", ties: "lowest" }, lock: "primask", api },
  "next fit, list neighbours": {
    policy: { kind: "sequential-fit", fit: "next", coalesce: "list-neighbours" },
  },
  bitmap: { policy: { kind: "bitmap", granule: 32 }, api },
  "boundary bits": { policy: { kind: "segregated-fit" }, header: { boundaryTag: "bits" }, api },
  buddy: { policy: { kind: "buddy", smallest: 32 }, lock: "primask", api },
  pool: {
    policy: {
      kind: "pool",
      classes: [{ size: 24, count: 20 }, { size: 64, count: 8 }, { size: 200 }],
    },
    api: { calloc: true },
  },
  "atomic pool": { policy: { kind: "pool", classes: [{ size: 48 }], atomic: true } },
  bump: { policy: { kind: "bump", release: "lifo" }, api: { calloc: true, realloc: true } },
};

/** Cores without exclusive accesses. */
const withoutExclusives = ["cortex-m0", "cortex-m0plus"];

const cases = Object.entries(heaps)
  .flatMap(([name, heap]) =>
    armTargets.flatMap((target) =>
      (["-Os", "-O2", "-O3"] as const).map((optimize) => ({ name, heap, target, optimize })),
    ),
  )
  .filter(({ name, target }) => name !== "atomic pool" || !withoutExclusives.includes(target));

describe("the whole job with Clang", () => {
  test.each(chooseSample(cases, 7, "clang"))(
    "$name on $target at $optimize",
    async ({ heap, target, optimize }) => {
      const file = join(folder, "alloc-gen.json");
      const config = {
        ...{ name: "app", target, heap: { size: 4096, alignment: 8 }, ...heap },
        toolchain: { compiler: "clang", optimize },
        verify: { operations: 2000, strict: true },
      };
      writeFileSync(file, JSON.stringify(config));
      const result = await run(prepare(file, {}));
      expect(result.image.toolchain).toMatch(/^clang \d+(\.\d+)* -O/);
      const failures = checksOfHeap(reportHeap(result)).flatMap((check) => check.failures);
      expect(failures.map(({ message }) => message)).toEqual([]);
      // What has no loop over lists has a bound, of calloc too.
      const { proven } = result.bounds;
      for (const bounds of [proven.malloc, proven.free, proven.calloc]) {
        if (bounds !== undefined) expect(bounds.cycles).toHaveProperty("cycles");
      }
    },
  );
});
