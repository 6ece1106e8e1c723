/** Operations that try one malloc over several heaps: every combination of capabilities that matters, through full heaps and back. */
import { OperationCode, type OperationName } from "../../traces/operation.js";
import { seededRandom } from "../../traces/random.js";
import type { MultiHeapPlan } from "./plan.js";
import { ReferenceMultiHeap } from "./reference.js";
import { MultiHeapRun, type MultiHeapOperations } from "./run.js";

const operationCount = 4000;
/** Operations between two tides: heaps fill up, then empty. */
const tide = 250;

/** Of all operations, those of each function where it is there; the others are malloc. */
const shares = { realloc: 0.2, calloc: 0.1, alignedAlloc: 0.1 } as const;

/** Aligned allocations ask for 1 up to this, and now and then for no power of two. */
const largestAlignment = 1024;

/**
 * The reference says which requests are served: only those are freed.
 * @param addresses where the heaps begin, in the order in which they are tried
 */
export function multiHeapOperations(
  multiHeap: MultiHeapPlan,
  seed: number,
  addresses: readonly number[],
): MultiHeapOperations {
  const random = seededRandom(seed, "front");
  const capabilities = combinations(multiHeap);
  const reference = new ReferenceMultiHeap(multiHeap);
  const operations = {
    length: operationCount,
    kind: new Uint8Array(operationCount),
    argument: new Uint32Array(operationCount),
    second: new Uint32Array(operationCount),
    capabilities,
  };
  const run = new MultiHeapRun(reference, operations, addresses);
  const live: number[] = [];
  const largest = Math.max(...multiHeap.heaps.map(({ plan }) => plan.maximumRequestBytes));
  const drawKind = (): OperationName => {
    const { api } = multiHeap;
    if (api.realloc && live.length > 0 && random.chance(shares.realloc)) return "realloc";
    if (api.calloc && random.chance(shares.calloc)) return "calloc";
    return api.alignedAlloc && random.chance(shares.alignedAlloc) ? "alignedAlloc" : "malloc";
  };
  // By size, heaps but the last are for small requests: half of all are such.
  const small = multiHeap.heaps.slice(0, -1).map(({ plan }) => plan.maximumRequestBytes);
  const drawSize = (): number => {
    if (random.chance(0.02)) return random.between(0, largest + 8);
    if (multiHeap.by === "size" && random.chance(0.5)) return random.between(1, Math.max(...small) + 8);
    return random.between(1, Math.ceil(largest / 24));
  };
  for (let index = 0; index < operationCount; index++) {
    const rises = Math.floor(index / tide) % 2 === 0;
    const freed = random.chance(rises ? 0.15 : 0.7)
      ? live.splice(random.below(live.length + 1), 1)[0]
      : undefined;
    const kind = freed === undefined ? drawKind() : "free";
    operations.kind[index] = OperationCode[kind];
    if (freed !== undefined) {
      operations.argument[index] = freed;
      run.execute(index);
      continue;
    }
    operations.argument[index] = drawSize();
    const place = kind === "realloc" ? random.below(live.length) : -1;
    if (kind === "realloc") {
      operations.second[index] = live[place] ?? 0;
      if (random.chance(0.05)) operations.argument[index] = 0;
    }
    if (kind === "alignedAlloc") {
      const power = 2 ** random.between(0, Math.log2(largestAlignment));
      operations.second[index] = random.chance(0.05) ? power + 1 : power;
    }
    const outcome = run.execute(index);
    const isGone = kind === "realloc" && (outcome?.kind === "served" || outcome?.kind === "freed");
    if (isGone) live.splice(place, 1);
    if (outcome?.kind === "served") live.push(index);
  }
  return operations;
}

/** None, each alone, those of each heap, all together: what no heap has is among them where there is such. */
export function combinations({ by, capabilities, heaps }: MultiHeapPlan): readonly number[] {
  if (by === "size") return [0];
  const single = capabilities.map((_, place) => 2 ** place);
  const all = single.reduce((sum, bit) => sum + bit, 0);
  const beyond = capabilities.length < 32 ? [2 ** capabilities.length] : [];
  const several = [...new Set([0, ...single, ...heaps.map((heap) => heap.capabilities), all, ...beyond])];
  // A power of two of them: the guest finds its own without a division.
  const length = 2 ** Math.ceil(Math.log2(several.length));
  return Array.from({ length }, (_, index) => several[index % several.length] ?? 0);
}
