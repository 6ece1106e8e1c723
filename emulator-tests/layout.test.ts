/** The generated layout module decodes what the emulated core has in memory: the blocks and lists of the reference. */
import { describe, expect, test } from "vitest";
import { AllocGenError } from "../src/diagnostics.js";
import { magic } from "../src/header/fields/magic.js";
import { findField } from "../src/header/layout.js";
import { inspect } from "../src/inspect/inspect.js";
import { makePlan } from "../src/policies/make-plan.js";
import type { Plan } from "../src/plan/plan.js";
import type { Block } from "../src/reference/block.js";
import { loadTarget } from "../src/targets/load.js";
import { seededRandom } from "../src/traces/random.js";
import { Equivalence } from "../src/verify/equivalence.js";
import { benchFor } from "./support/bench.js";
import { quick, seed, segregated, sequential, testConfig, type TestConfig } from "./support/configs.js";
import { headerless, headerlessFunctions } from "./support/headerless.js";
import { importLayout, layoutText, strictFaults, type LayoutModule } from "./support/layout-module.js";
import { randomOperations } from "./support/random-operations.js";
import { drawConfig } from "./support/sampled-configs.js";
import { bump } from "../src/policies/bump/index.js";

const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
const sampleSize = Number(process.env["ALLOC_GEN_SAMPLE"] ?? 16);
const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };

/** Every way to find a block's neighbours, to link free blocks and to tell that a block is free. */
const fixed: Readonly<Record<string, TestConfig>> = {
  "free blocks are those listed": { policy: sequential(), size: 4096 },
  footers: { policy: sequential({ order: "lifo" }), size: 4096, fields: everyField },
  "previous sizes": { policy: sequential({ order: "fifo" }), boundaryTag: "prevSize", size: 4096 },
  "deferred, next fit": { policy: sequential({ fit: "next", coalesce: "deferred" }), size: 4096 },
  "a checksum": {
    policy: segregated(),
    size: 16384,
    boundaryTag: "prevSize",
    fields: { ...everyField, checksum: { bits: 6 } },
  },
  slots: { policy: seed, links: { place: "slots", slots: 5 }, size: 4096, target: "cortex-m0" },
  "4-byte links": { policy: sequential({ order: "lifo" }), size: 8192, links: { width: 32 }, alignment: 4 },
  classes: { policy: segregated(), size: 16384 },
  "quick lists": { policy: segregated(quick()), size: 4096 },
  "quick lists, no flag for blocks in use": { policy: segregated(quick()), size: 200_000 },
  "quick lists, marked": {
    policy: segregated(quick(200, 300)),
    size: 8192,
    fields: { ...everyField, checksum: { bits: 8 } },
  },
  "classes, deferred": { policy: segregated({ coalesce: "deferred" }), size: 4096 },
  "classes, previous sizes, every field": {
    policy: segregated({ probe: false }),
    boundaryTag: "prevSize",
    fields: { ...everyField, padding: { bits: 3 } },
    size: 16384,
    alignment: 16,
  },
  ...headerless,
  ...headerlessFunctions,
};

function planOrRefusal(config: TestConfig): Plan | undefined {
  const resolved = testConfig(config);
  try {
    return makePlan(resolved, loadTarget(resolved.target));
  } catch (error) {
    if (error instanceof AllocGenError) return undefined;
    throw error;
  }
}

function drawnConfigs(count: number, purpose: string): readonly TestConfig[] {
  const random = seededRandom(sampleSeed, purpose);
  const drawn: TestConfig[] = [];
  while (drawn.length < count) {
    const config = drawConfig(random);
    if (planOrRefusal(config) !== undefined) drawn.push(config);
  }
  return drawn;
}

/** The reference's blocks as memory tells them: an arena knows what is left, and may not tell its blocks apart. */
function blocksOf({ plan, reference }: Equivalence): readonly Pick<Block, "start" | "size" | "free">[] {
  // Who waits has no owner.
  const blocks = [...reference.blocks()].map((block) => ({ ...block, free: block.free || block.quick }));
  if (!bump.owns(plan)) return blocks;
  const used = blocks.filter(({ free }) => !free);
  const [newest] = used;
  if (plan.policy.release === "lifo" || newest === undefined) return used;
  return [{ start: newest.start, size: plan.endOfBlocks - newest.start, free: false }];
}

/** Holds the dump's blocks against those of the reference, as the core stands now. */
function expectSame(module: LayoutModule, comparison: Equivalence, config: TestConfig): void {
  const { reference, plan, emulated } = comparison;
  const bytes = emulated.heap;
  const heap = new DataView(bytes.buffer, bytes.byteOffset, plan.heapBytes);
  const expected = blocksOf(comparison);
  const decoded = [...module.blocks(heap)];
  expect(
    decoded.map(({ offset, payload, size, free }) => ({ offset, payload, size, free })),
    JSON.stringify(config),
  ).toEqual(
    expected.map(({ start, size, free }) => ({
      ...{ offset: start, payload: start + plan.header.bytes, size, free },
    })),
  );
  expectLabels(decoded, comparison);
  if (module.freeBlocks !== undefined)
    expect([...module.freeBlocks(heap)]).toEqual(reference.freeList().map(({ start }) => start));
  if (module.waitingBlocks !== undefined)
    expect([...module.waitingBlocks(heap)].sort()).toEqual(
      expected
        .filter((_, index) => [...reference.blocks()][index]?.quick)
        .map(({ start }) => start)
        .sort(),
    );
  if (module.blocksEnd !== undefined) expect(module.blocksEnd(heap)).toBe(reference.wildernessStart());
  expectInspected(plan, bytes, expected);
}

/** What headers say of blocks in use. */
function expectLabels(
  decoded: readonly { readonly free: boolean; readonly header?: Readonly<Record<string, unknown>> }[],
  { reference, plan }: Equivalence,
): void {
  const used = [...reference.blocks()].filter(({ free, quick }) => !free && !quick);
  for (const [name, values] of Object.entries({
    requested: used.map(({ requestBytes }) => requestBytes),
    tag: used.map(({ tag }) => tag),
    magic: used.map(() => findField(plan.header, magic)?.placement.value),
  })) {
    if (!plan.header.units.some(({ fields }) => fields.some(({ field }) => field.name === name))) continue;
    expect(decoded.filter(({ free }) => !free).map(({ header }) => header?.[name])).toEqual(values);
  }
}

/** What `inspect` tells: the same blocks but for untouched ones, and no damage. */
function expectInspected(
  plan: Plan,
  bytes: Uint8Array,
  expected: readonly Pick<Block, "start" | "size" | "free">[],
): void {
  const inspected = inspect(plan, bytes);
  expect(inspected.damage).toEqual([]);
  expect(inspected.lost).toEqual([]);
  const touched = expected.filter(
    ({ start }) => !inspected.untouched.some(({ offset, size }) => start >= offset && start < offset + size),
  );
  expect(inspected.blocks.map(({ offset, size, free }) => ({ start: offset, size, free }))).toEqual(
    touched.map(({ start, size, free }) => ({ start, size, free })),
  );
}

async function expectDecodes(config: TestConfig): Promise<void> {
  const bench = await benchFor(config);
  const { heapBytes, maximumRequestBytes: maximumRequest } = bench.plan;
  const operations = randomOperations(
    { length: 1200, heapBytes, maximumRequest },
    seededRandom(sampleSeed, "dump"),
  );
  const module = await importLayout(await layoutText(bench.plan));
  const comparison = new Equivalence(bench, operations);
  try {
    expect(comparison.start()).toBeUndefined();
    expectSame(module, comparison, config);
    for (const to of [7, 100, 333, 800, operations.length]) {
      expect(comparison.advance(to), JSON.stringify(config)).toBeUndefined();
      expectSame(module, comparison, config);
    }
  } finally {
    comparison.close();
  }
}

describe("a dump of the emulated core", () => {
  test.each(Object.entries(fixed))("%s", async (_name, config) => {
    await expectDecodes(config);
  });

  const drawn = drawnConfigs(sampleSize, "layouts");
  test.each(drawn.map((config) => ({ name: JSON.stringify(config), config })))(
    "$name",
    async ({ config }) => {
      await expectDecodes(config);
    },
  );
});

test("the modules are strictly typed and need nothing", async () => {
  const configs = [...Object.values(fixed), ...drawnConfigs(12, "layout types")];
  const plans = configs.flatMap((config) => planOrRefusal(config) ?? []);
  const texts = await Promise.all(plans.map(layoutText));
  expect(strictFaults(texts)).toEqual([]);
  expect(texts.filter((text) => text.includes("import") || text.includes(" any"))).toEqual([]);
  // The check can fail.
  expect(strictFaults([`${texts[0] ?? ""}\nblocks(1);\n`])).toHaveLength(1);
});
