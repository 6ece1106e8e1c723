/** Memory of heaps as the reference has it, and what is noticed of a bit that flips in it. */
import { makePlan } from "../../src/policies/make-plan.js";
import type { Plan } from "../../src/plan/plan.js";
import { metadataImage, type MetadataImage } from "../../src/reference/image.js";
import type { ReferenceHeap } from "../../src/reference/reference-heap.js";
import { loadTarget } from "../../src/targets/load.js";
import { seededRandom } from "../../src/traces/random.js";
import {
  bitmap,
  buddy,
  bump,
  pool,
  seed,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "./configs.js";

export interface Dumped {
  readonly plan: Plan;
  readonly reference: ReferenceHeap;
  readonly image: MetadataImage;
  /** The heap's memory; bytes that nobody owns hold anything. */
  readonly bytes: Uint8Array;
}

export function planOf(test: TestConfig): Plan {
  const config = testConfig(test);
  return makePlan(config, loadTarget(config.target));
}

/** The memory of a heap on which `use` ran. */
export function dumpOf(test: TestConfig, use: (heap: ReferenceHeap) => void): Dumped {
  const plan = planOf(test);
  const reference = plan.rules.reference(plan);
  use(reference);
  const image = metadataImage(plan, reference);
  const random = seededRandom(1, "payloads");
  const isKept = inHeaders(plan, reference);
  const bytes = image.bytes.map((byte, at) => {
    const noise = random.below(256) & ~(image.mask[at] ?? 0);
    return isKept.has(at) ? byte : byte | noise;
  });
  return { plan, reference, image, bytes };
}

/** Control data and headers are written as a whole: bits of them that mean nothing are 0. */
function inHeaders(
  { firstBlock, endOfBlocks, heapBytes, header }: Plan,
  reference: ReferenceHeap,
): Set<number> {
  const starts = header.bytes === 0 ? [] : [...reference.blocks()].map(({ start }) => start);
  const stretches = [
    [0, firstBlock],
    ...starts.map((start) => [start, start + header.bytes]),
    [endOfBlocks, heapBytes],
  ] as const;
  return new Set(
    stretches.flatMap(([from = 0, to = 0]) => Array.from({ length: to - from }, (_, index) => from + index)),
  );
}

/** Blocks of 48, 56, 64, … bytes for the whole heap; every other one is freed. */
export function checkered(heap: ReferenceHeap): void {
  const payloads: number[] = [];
  for (let size = 40; ; size += 8) {
    const { payload } = heap.malloc(size, 5);
    if (payload < 0) break;
    payloads.push(payload);
  }
  for (const [index, payload] of payloads.entries()) if (index % 2 === 1) heap.free(payload);
}

const size = 1024;
const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };

/** The heaps of the table in docs/inspect.md, by their names there. */
export const dumpedHeaps: Readonly<Record<string, TestConfig>> = {
  "`sequential-fit`, no tags": { policy: sequential(), size, api: { check: true } },
  "… footers": { policy: sequential({ order: "lifo" }), size, api: { check: true } },
  "… previous sizes": {
    policy: sequential({ order: "fifo" }),
    boundaryTag: "prevSize",
    size,
    api: { check: true },
  },
  "… deferred": { policy: sequential({ fit: "next", coalesce: "deferred" }), size, api: { check: true } },
  "… slots": { policy: seed, links: { place: "slots", slots: 12 }, size, api: { check: true } },
  "… footers and a checksum": {
    policy: sequential({ order: "lifo" }),
    size,
    fields: { checksum: { bits: 8 } },
    api: { check: true },
  },
  "`segregated-fit`": { policy: segregated(), size, api: { check: true } },
  "… 8 subdivisions": { policy: segregated({ subdivisions: 8 }), size, api: { check: true } },
  "… previous sizes, in classes": {
    policy: segregated(),
    size,
    boundaryTag: "prevSize",
    api: { check: true },
  },
  "… a checksum": {
    policy: segregated(),
    size,
    fields: { checksum: { bits: 8 } },
    api: { check: true },
  },
  "… magic, tag, requested": { policy: segregated(), size, fields: everyField, api: { check: true } },
  "… boundary bits": { policy: segregated(), size, boundaryTag: "bits", api: { check: true } },
  "`pool`": { policy: pool([[48, 4], [128]]), size },
  "… with `check`": { policy: pool([[48, 4], [128]]), size, api: { check: true } },
  "`bitmap`": { policy: bitmap(), size },
  "`buddy`": { policy: buddy(), size },
  "`bump`": { policy: bump(), size },
  "… `release: lifo`": { policy: bump("lifo"), size },
};

/** Percent of the metadata bits of which `finds` notices that one alone is flipped, to a tenth. */
export function shareFound({ image, bytes }: Dumped, finds: (memory: Uint8Array) => boolean): string {
  const memory = bytes.slice();
  let [flipped, found] = [0, 0];
  for (let bit = 0; bit < 8 * memory.length; bit++) {
    const at = bit >> 3;
    const mask = 1 << (bit & 7);
    if (((image.mask[at] ?? 0) & mask) === 0) continue;
    memory[at] = (memory[at] ?? 0) ^ mask;
    flipped++;
    if (finds(memory)) found++;
    memory[at] = (memory[at] ?? 0) ^ mask;
  }
  return ((100 * found) / flipped).toFixed(1);
}
