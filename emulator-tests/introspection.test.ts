/** usable_size, walk, check and stats: what they tell on the core is what the reference knows, and damage is found. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sizeField, tagBits } from "../src/header/facts.js";
import { padding } from "../src/header/fields/padding.js";
import { requested } from "../src/header/fields/requested.js";
import { tag as tagField } from "../src/header/fields/tag.js";
import { findField } from "../src/header/layout.js";
import { hasHeaders, type Plan } from "../src/plan/plan.js";
import type { Block } from "../src/reference/block.js";
import { metadataImage } from "../src/reference/image.js";
import { generateWorkload } from "../src/traces/generate.js";
import { seededRandom } from "../src/traces/random.js";
import { Equivalence, type Bench } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { benchFor } from "./support/bench.js";
import { HeapCaller, outAddress } from "./support/call.js";
import { everyFunction, quick, seed, segregated, sequential, type TestConfig } from "./support/configs.js";
import { headerlessFunctions } from "./support/headerless.js";
import { sequentialFit } from "../src/policies/sequential-fit/index.js";

const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);

/** A visitor that keeps what it is told: a count, then payload, size, use and tag of each block. */
const probe = (hasTag: boolean): string => `
bool probe_visit(const app_heap_block_t *block, void *context);
void probe_walk(uint32_t *out);
bool probe_visit(const app_heap_block_t *block, void *context)
{
    uint32_t *const out = context;
    uint32_t *const at  = &out[1U + (4U * out[0])];

    at[0] = (uint32_t)(uintptr_t)block->payload;
    at[1] = block->size;
    at[2] = block->used ? 1U : 0U;
    at[3] = ${hasTag ? "block->tag" : "0U"};
    out[0]++;
    return true;
}
void probe_walk(uint32_t *out)
{
    app_heap_walk(probe_visit, out);
}
`;

const api = everyFunction;
const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };
const slots = (count: number) => ({ place: "slots", slots: count }) as const;

const configs: Readonly<Record<string, TestConfig>> = {
  "first, address": { policy: sequential() },
  "next, fifo, footers": { policy: sequential({ fit: "next", order: "fifo" }), target: "cortex-m0" },
  "best, lifo, prevSize, no untouched space": {
    policy: sequential({ fit: "best", order: "lifo", wilderness: "none" }),
    boundaryTag: "prevSize",
  },
  "every field": { policy: sequential({ order: "lifo" }), fields: everyField, zeroSize: "unique" },
  "address, prevSize, every field": { policy: sequential(), boundaryTag: "prevSize", fields: everyField },
  "the seed": { policy: seed, links: slots(20) },
  "address, few slots": { policy: sequential(), links: slots(3) },
  segregated: { policy: segregated() },
  "segregated, prevSize, every field": {
    policy: segregated({ subdivisions: 2 }),
    boundaryTag: "prevSize",
    fields: everyField,
    target: "cortex-m0",
  },
  "segregated, quick lists": { policy: segregated(quick(200, 9)) },
  "segregated, quick lists, every field": {
    policy: segregated({ ...quick(), subdivisions: 8 }),
    boundaryTag: "prevSize",
    fields: everyField,
    target: "cortex-m0plus",
    optimize: "-Os",
  },
  "segregated, deferred": { policy: segregated({ coalesce: "deferred" }) },
  "segregated, deferred, quick lists, a checksum": {
    policy: segregated({ coalesce: "deferred", ...quick(100, 300) }),
    fields: { checksum: { bits: 8 } },
  },
  "a checksum": { policy: sequential({ order: "lifo" }), fields: { checksum: { bits: 8 } } },
  "never merged": { policy: sequential({ coalesce: "never", fit: "next" }), optimize: "-Os" },
  "deferred, fifo": { policy: sequential({ coalesce: "deferred", order: "fifo" }) },
  ...withEvery(headerlessFunctions),
};

/** Those that have all functions of `api`. */
function withEvery(all: Readonly<Record<string, TestConfig>>): Readonly<Record<string, TestConfig>> {
  // The probe knows one heap alone.
  const introspects = ({ api: given, placement }: TestConfig) =>
    given?.walk === true && given.check === true && placement === undefined;
  return Object.fromEntries(Object.entries(all).filter(([, config]) => introspects(config)));
}

describe.each(Object.entries(configs))("%s", (_name, config) => {
  let bench: Bench;
  let caller: HeapCaller;
  let comparison: Equivalence;

  beforeAll(async () => {
    const hasTag = config.fields?.tag !== undefined;
    const functions = ["probe_walk", "app_heap_usable_size", "app_heap_check", "app_heap_stats"];
    const keep = hasTag ? [...functions, "app_heap_tagged_bytes"] : functions;
    bench = await benchFor({ size: 4096, api, ...config }, (source) => source + probe(hasTag), keep);
    caller = new HeapCaller(bench.image, bench.target);
    const { plan, image } = bench;
    const { heapBytes, maximumRequestBytes: maximumRequest } = plan;
    const options = { seed: sampleSeed, operations: 900, heapBytes, maximumRequest, minimumRequest: 1 };
    comparison = new Equivalence(bench, lowered(plan, generateWorkload("mixed", options), image.heapAddress));
    expect(comparison.start()).toBeUndefined();
  });

  afterAll(() => {
    comparison.close();
    caller.close();
  });

  const check = (heap: Uint8Array) => {
    const { result, out } = caller.call("app_heap_check", heap, outAddress);
    return { sound: result === undefined ? "no end" : (result & 1) === 1, where: out[0] ?? 0 };
  };

  test("they tell what the reference knows, and nothing is wrong", () => {
    for (const to of [0, 1, 5, 60, 200, 450, 900]) {
      expect(comparison.advance(to)).toBeUndefined();
      const heap = comparison.emulated.heap.slice();
      expect(check(heap)).toEqual({ sound: true, where: 0 });
      expect(caller.call("app_heap_check", heap, 0).result).toBe(1);
      expectWalk(bench, caller, heap, [...comparison.reference.blocks()]);
      expectStats(bench, caller, heap, comparison);
    }
  });

  test("a flipped bit is found, whichever it is", () => {
    const heap = comparison.emulated.heap.slice();
    const { plan } = bench;
    const bits = checkedBits(plan, comparison);
    expect(bits.length).toBeGreaterThan(100);
    const random = seededRandom(sampleSeed, "bits");
    const sizes = plan.header.boundaryTag === "none" ? sizeBits(plan, comparison) : new Set<number>();
    let overlooked = 0;
    for (let left = 400; left > 0; left--) {
      const bit = bits[random.below(bits.length)] ?? 0;
      const damaged = heap.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { sound, where } = check(damaged);
      // Without tags a size may lead to what once was a block, and from there on.
      if (sound === true && sizes.has(bit)) {
        overlooked++;
        continue;
      }
      expect(sound, `bit ${bit & 7} of byte ${bit >> 3}`).toBe(false);
      expect(where - bench.image.heapAddress).toBeGreaterThanOrEqual(0);
      expect(where - bench.image.heapAddress).toBeLessThan(plan.heapBytes);
    }
    // And an order to what once was another block.
    expect(overlooked).toBeLessThan(plan.policy.kind === "buddy" || plan.policy.kind === "bump" ? 24 : 8);
  });

  test("it ends whatever stands in the heap", () => {
    const random = seededRandom(sampleSeed, "noise");
    const heap = comparison.emulated.heap.slice();
    for (let trial = 0; trial < 60; trial++) {
      const damaged = heap.slice();
      const from = random.below(damaged.length);
      const to = trial < 4 ? damaged.length : Math.min(damaged.length, from + random.between(1, 200));
      const filling = trial % 3;
      for (let at = trial < 4 ? 0 : from; at < to; at++) {
        damaged[at] = filling === 0 ? random.below(256) : filling === 1 ? 0 : 0xff;
      }
      expect(check(damaged).sound).not.toBe("no end");
    }
  });
});

function expectWalk(bench: Bench, caller: HeapCaller, heap: Uint8Array, blocks: readonly Block[]): void {
  const { plan, image } = bench;
  const headerBytes = plan.header.bytes;
  const bits = tagBits(plan.header);
  const { out } = caller.call("probe_walk", heap, outAddress);
  const seen = Array.from({ length: out[0] ?? 0 }, (_, index) => [
    ...out.slice(1 + 4 * index, 5 + 4 * index),
  ]);
  expect(seen).toEqual(
    blocks.map(({ start, size, free, quick, tag }) => [
      image.heapAddress + start + headerBytes,
      size - headerBytes,
      free || quick ? 0 : 1,
      free || quick ? 0 : tag % 2 ** bits,
    ]),
  );
  for (const { start, size, free, quick } of blocks) {
    if (free || quick) continue;
    const pointer = image.heapAddress + start + headerBytes;
    expect(caller.call("app_heap_usable_size", heap, pointer).result).toBe(size - headerBytes);
  }
  expect(caller.call("app_heap_usable_size", heap, 0).result).toBe(0);
}

function expectStats(bench: Bench, caller: HeapCaller, heap: Uint8Array, { reference }: Equivalence): void {
  const { plan } = bench;
  const blocks = [...reference.blocks()];
  const free = blocks.filter((block) => block.free || block.quick);
  const used = blocks.filter((block) => !free.includes(block));
  const untouched = plan.endOfBlocks - reference.wildernessStart();
  const largest = Math.max(untouched, ...free.map(({ size }) => size));
  const { out } = caller.call("app_heap_stats", heap, outAddress);
  const sum = (of: readonly Block[]) => of.reduce((total, { size }) => total + size, 0);
  expect([...out.slice(0, 6)]).toEqual([
    sum(used),
    used.length,
    free.length,
    reference.control().get("peak_bytes")?.[0],
    reference.control().get("failures")?.[0],
    Math.max(0, largest - plan.header.bytes),
  ]);
  if (tagBits(plan.header) === 0) return;
  const mask = 2 ** tagBits(plan.header);
  for (const value of [0, 1, 5]) {
    const tagged = sum(used.filter((block) => block.tag % mask === value));
    expect(caller.call("app_heap_tagged_bytes", heap, value).result).toBe(tagged);
  }
}

/** Fields and control data that may be anything, as far as the rest of the heap tells. */
const freeFields = [tagField, requested, padding];
const freeControl: readonly string[] = [
  "failures",
  "allocations",
  "frees",
  "peak_bytes",
  "coalesce_due",
  "rover",
];

/** Bits of metadata that only one value is right for: number of the byte times 8, plus that of the bit. */
function checkedBits(plan: Plan, { reference }: Equivalence): readonly number[] {
  const { mask } = metadataImage(plan, reference);
  const clear = (start: number, shift: number, count: number) => {
    for (let bit = shift; bit < shift + count; bit++) {
      const at = start + (bit >> 3);
      mask[at] = (mask[at] ?? 0) & ~(1 << (bit & 7));
    }
  };
  for (const { name, offset, bytes, count } of plan.control) {
    if (freeControl.includes(name)) clear(offset, 0, 8 * bytes * count);
  }
  for (const { start, size, free } of reference.blocks()) {
    for (const name of freeFields) {
      const field = findField(plan.header, name);
      if (field !== undefined) {
        clear(start + field.unit.offset, field.placement.shift, field.placement.bits);
      }
    }
    if (!free && !tellsLeftSize(plan)) exemptSizes(plan, reference.blocks(), { start, size }, clear);
  }
  if (plan.policy.kind === "bitmap") exemptBits(plan, reference, clear);
  if (reference.control().get("coalesce_due")?.[0] === 1) exemptUnlisted(plan, reference, clear);
  if (sequentialFit.owns(plan) && plan.policy.wilderness !== "none") {
    exemptWilderness(plan, reference.wildernessStart(), clear);
  }
  return [...mask].flatMap((byte, at) =>
    Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1 ? [8 * at + bit] : [])).flat(),
  );
}

/** The size fields of all headers; the orders of buddies in use; where blocks of an arena end. */
function sizeBits(plan: Plan, { reference }: Equivalence): ReadonlySet<number> {
  if (plan.policy.kind === "bump") {
    const used = [...reference.blocks()].filter(({ free }) => !free);
    const bits = 8 * plan.header.bytes;
    return new Set(used.flatMap(({ start }) => Array.from({ length: bits }, (_, bit) => 8 * start + bit)));
  }
  const states = plan.control.find(({ name }) => name === "state");
  if (plan.policy.kind === "buddy" && states !== undefined) {
    const used = [...reference.blocks()].filter(({ free }) => !free);
    const places = used.map(({ start }) => states.offset + (start - plan.firstBlock) / plan.granuleBytes);
    return new Set(places.flatMap((place) => Array.from({ length: 7 }, (_, bit) => 8 * place + bit)));
  }
  if (!hasHeaders(plan)) return new Set();
  const field = sizeField(plan.header);
  const { shift, bits } = field.placement;
  return new Set(
    [...reference.blocks()].flatMap(({ start }) =>
      Array.from({ length: bits }, (_, bit) => 8 * (start + field.unit.offset) + shift + bit),
    ),
  );
}

const tellsLeftSize = ({ header }: Plan): boolean => header.boundaryTag === "prevSize";

type Clear = (start: number, shift: number, count: number) => void;

/** A block in use that takes in others in use, whole, is as good as they were. */
function exemptSizes(
  plan: Plan,
  blocks: Iterable<Block>,
  { start, size }: { readonly start: number; readonly size: number },
  clear: Clear,
): void {
  const all = [...blocks];
  if (!hasHeaders(plan)) return;
  const field = sizeField(plan.header);
  for (let bit = 0; bit < field.placement.bits; bit++) {
    const changed = ((size / plan.granuleBytes) ^ (1 << bit)) * plan.granuleBytes;
    const swallowed = all.filter((block) => block.start > start && block.start < start + changed);
    const endsWithOne = all.some((block) => block.start + block.size === start + changed);
    if (changed > size && endsWithOne && swallowed.every(({ free }) => !free)) {
      clear(start + field.unit.offset, field.placement.shift + bit, 1);
    }
  }
}

/** Blocks in use that lie side by side are as good as others that they could be; a search may begin too early. */
function exemptBits(plan: Plan, reference: Equivalence["reference"], clear: Clear): void {
  const at = (name: string) => plan.control.find((field) => field.name === name)?.offset ?? 0;
  const all = [...reference.blocks()];
  const granule = (place: number) => (place - plan.firstBlock) / plan.granuleBytes;
  for (const [index, { start, size, free }] of all.entries()) {
    // The last granule in front of a free one must end a block.
    const end = granule(start + size) - (all[index + 1]?.free === false ? 0 : 1);
    for (let each = granule(start); !free && each < end; each++) {
      clear(at("last") + 4 * Math.floor(each / 32), each % 32, 1);
    }
  }
  const open = reference.control().get("open")?.[0] ?? 0;
  for (let bit = 0; bit < 32; bit++) if ((open & (1 << bit)) !== 0) clear(at("open"), bit, 1);
}

/** Where blocks are left out of a full table, no list tells their sizes, nor that it has another one twice. */
function exemptUnlisted(plan: Plan, reference: Equivalence["reference"], clear: Clear): void {
  const listed = new Set(reference.freeList());
  const field = sizeField(plan.header);
  for (const block of reference.blocks()) {
    if (!block.free || listed.has(block)) continue;
    clear(block.start + field.unit.offset, field.placement.shift, field.placement.bits);
  }
  // Of what is lost behind an earlier end of the blocks, they are all that no figure counts.
  const end = plan.control.find(({ name }) => name === "wilderness");
  if (end !== undefined) clear(end.offset, 0, 32);
  const table = plan.control.find(({ name }) => name === "slots");
  if (table === undefined) return;
  for (let slot = 0; slot < table.count / 3; slot++) {
    clear(table.offset + 3 * slot * table.bytes, 0, 8 * table.bytes);
  }
}

/** What the untouched space holds is anything: it may look like blocks. */
function exemptWilderness(plan: Plan, wilderness: number, clear: Clear): void {
  const field = plan.control.find(({ name }) => name === "wilderness");
  for (let bit = 0; field !== undefined && bit < 32; bit++) {
    const changed = (wilderness ^ (1 << bit)) >>> 0;
    if (changed > wilderness && changed <= plan.endOfBlocks) clear(field.offset, bit, 1);
  }
}
