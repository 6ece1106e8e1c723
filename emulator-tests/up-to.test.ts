/** `heap.size: { "upTo": … }`: init finds out how much there is, and the C is right in any of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../src/verify/engines.js";
import { sourcesOf } from "../src/build-project.js";
import { generate, prepare, prepareHeaps, run, verifySource, type Project } from "../src/pipeline.js";
import { actualSizes, proveSizes } from "../src/prove-sizes.js";
import { reportHeap } from "../src/report/make-report.js";
import type { Edit } from "./support/bench.js";
import { changed, replace, setReturn } from "./support/hand-made-fault.js";
import { lintC } from "./support/lint-c.js";

let folder = "";
let written = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-up-to-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const api = {
  ...{ calloc: true, realloc: true, alignedAlloc: true },
  ...{ usableSize: true, walk: true, check: true, stats: true },
};
const heap = { size: { upTo: "16KiB" }, placement: "linker" };
const verify = { operations: 500, workloads: ["uniform"] };
const segregated = { kind: "segregated-fit" };

function projectOf(config: object): Project {
  const path = join(folder, `${written++}.json`);
  writeFileSync(path, JSON.stringify({ name: "rest", target: "cortex-m4", heap, verify, ...config }));
  return prepare(path, {});
}

const configs: Readonly<Record<string, object>> = {
  "segregated fit, all functions": { policy: segregated, api, lock: "primask" },
  "segregated fit, handed memory, without a probe": {
    policy: { kind: "segregated-fit", probe: false, quickLists: { upTo: 64, most: 4 } },
    heap: { ...heap, placement: "runtime" },
    target: "cortex-m0",
    api: { stats: true, check: true },
  },
  "segregated fit, deferred, many": {
    policy: { kind: "segregated-fit", coalesce: "deferred" },
    heap: { size: heap.size, instances: "many" },
    api: { check: true },
  },
  "segregated fit, little memory with few classes": {
    policy: { kind: "segregated-fit", split: "by-neighbour", quickLists: { upTo: 64, most: 1 } },
    heap: { size: { upTo: 1760 }, alignment: 8, instances: "many", placement: "runtime" },
    header: { fields: { size: { unit: "granules" } } },
    limits: { largest: 27 },
    target: "cortex-m0plus",
    api: { ...api, counters: true, largestRequest: true },
  },
  "best fit, all functions": { policy: { kind: "sequential-fit", fit: "best" }, api },
  "first fit, footers, at the first request": {
    policy: { kind: "sequential-fit", order: "lifo" },
    init: "lazy",
    api: { realloc: true, stats: true },
    target: "cortex-m0plus",
  },
  "next fit, from the wilderness first": {
    policy: { kind: "sequential-fit", fit: "next", wilderness: "first", coalesce: "deferred" },
    api: { check: true, walk: true },
  },
  "worst fit without a wilderness": {
    policy: { kind: "sequential-fit", fit: "worst", wilderness: "none" },
    heap: { ...heap, cacheLine: 32 },
    api,
  },
  "a ring": {
    policy: { kind: "sequential-fit", order: "fifo", wilderness: "none" },
    api: { check: true },
  },
};

describe.each(Object.entries(configs))("%s", (_name, config) => {
  test("is proven in the largest heap, the least, and others", async () => {
    const project = projectOf(config);
    const report = reportHeap(await run(project));
    expect(report.ok).toBe(true);
    expect(report.sizes).toEqual(actualSizes(project.plan, 1));
    expect(report.sizes?.[0]).toBe(project.plan.upTo?.leastBytes);
    expect(report.sizes?.at(-1)).toBeGreaterThan(project.plan.heapBytes);
    expect(report.sizes?.slice(1).every((size) => size % project.plan.granuleBytes !== 0)).toBe(true);
  });

  test("is clean for the checkers", async () => {
    expect(await lintC(generate(projectOf(config)))).toEqual([]);
  });
});

const best = { policy: { kind: "sequential-fit", fit: "best" }, api };
test.each<[string, object, Edit]>([
  [
    "a heap as large as it may be",
    best,
    changed("end_of_blocks", replace("bytes < REST_SIZE_BYTES", "false")),
  ],
  ["more than it takes", best, changed("end_of_blocks", replace("bytes < REST_SIZE_BYTES", "true"))],
  ["an end that is not a granule's", best, changed("end_of_blocks", replace("~REST_GRANULE_MASK", "~0U"))],
  [
    "an end behind the last header",
    { policy: segregated },
    changed("end_of_blocks", setReturn("used & ~REST_GRANULE_MASK")),
  ],
  ["less than the least", best, changed("rest_init", replace("REST_LEAST_BYTES", "(REST_LEAST_BYTES - 1U)"))],
  [
    "a test of the space that wraps",
    best,
    changed(
      "take_wilderness",
      replace(
        "need <= (heap->control.end - offset)",
        "(offset - REST_FIRST_BLOCK) <= ((heap->control.end - REST_FIRST_BLOCK) - need)",
      ),
    ),
  ],
  [
    "figures of the largest heap",
    best,
    changed("rest_stats", replace("heap->control.end", "(REST_SIZE_BYTES - REST_HEADER_BYTES)")),
  ],
])("finds %s", async (_name, config, edit) => {
  const project = projectOf(config);
  const files = generate(project).map((file) =>
    file.name.endsWith(".c") ? { ...file, text: edit(file.text) } : file,
  );
  const sources = { ...sourcesOf(project, generate(project), undefined), files };
  const { differing, mismatch } = await proveSizes(project, sources, openEngine("unicorn"), {
    shrinks: false,
  });
  expect(differing.length > 0 || mismatch !== undefined).toBe(true);
});

test.each([
  { ...heap, placement: "linker" },
  { size: heap.size, instances: "many" },
])("a front asks such a heap for its addresses", async (place) => {
  const first = { name: "first", heap: { size: 1024 } };
  const name = "instances" in place ? { front: { name: "app", regions: { heap: "rest", most: 2 } } } : {};
  const path = join(folder, `front-${written++}.json`);
  const heaps = [first, { name: "rest", heap: place }];
  const front = { name: "app" };
  writeFileSync(
    path,
    JSON.stringify({
      target: "cortex-m4",
      verify,
      policy: segregated,
      lock: "primask",
      heaps,
      front,
      ...name,
    }),
  );
  const { projects } = prepareHeaps(path, {});
  for (const project of projects) expect(reportHeap(await run(project)).ok).toBe(true);
});

test("C that is handed in is proven at other sizes too", async () => {
  const project = projectOf(best);
  const source = generate(project).find(({ name }) => name.endsWith(".c"));
  const text = changed("rest_init", replace("REST_LEAST_BYTES", "1U"))(source?.text ?? "");
  const verification = await verifySource(project, { name: "rest.c", text });
  expect(verification.interface.mismatch).toMatchObject({
    function: "rest_init",
    expected: "false, and no effect",
  });
});
