/** Operations that try one malloc over several heaps: every combination of capabilities that matters, through full heaps and back. */
import { OperationCode, type HeapOperations } from "../../traces/operation.js";
import { seededRandom } from "../../traces/random.js";
import type { MultiHeapPlan } from "./plan.js";
import { ReferenceMultiHeap, type Placed } from "./reference.js";

export interface MultiHeapOperations extends HeapOperations {
  /** What operation i asks for stands at i modulo the length, which is a power of two. */
  readonly capabilities: readonly number[];
}

const operationCount = 4000;
/** Operations between two tides: heaps fill up, then empty. */
const tide = 250;

/** The reference says which requests are served: only those are freed. */
export function multiHeapOperations(multiHeap: MultiHeapPlan, seed: number): MultiHeapOperations {
  const random = seededRandom(seed, "front");
  const capabilities = combinations(multiHeap);
  const reference = new ReferenceMultiHeap(multiHeap);
  const kind = new Uint8Array(operationCount);
  const argument = new Uint32Array(operationCount);
  const live: { readonly index: number; readonly placed: Placed }[] = [];
  const largest = Math.max(...multiHeap.heaps.map(({ plan }) => plan.maximumRequestBytes));
  for (let index = 0; index < operationCount; index++) {
    const rises = Math.floor(index / tide) % 2 === 0;
    const freed = random.chance(rises ? 0.15 : 0.7)
      ? live.splice(random.below(live.length + 1), 1)[0]
      : undefined;
    if (freed !== undefined) {
      kind[index] = OperationCode.free;
      argument[index] = freed.index;
      reference.free(freed.placed);
      continue;
    }
    const size = random.chance(0.02)
      ? random.between(0, largest + 8)
      : random.between(1, Math.ceil(largest / 24));
    kind[index] = OperationCode.malloc;
    argument[index] = size;
    const outcome = reference.malloc(size, capabilities[index % capabilities.length] ?? 0);
    if (outcome.kind === "served") live.push({ index, placed: outcome.placed });
  }
  return { length: operationCount, kind, argument, capabilities };
}

/** None, each alone, those of each heap, all together: what no heap has is among them where there is such. */
function combinations({ capabilities, heaps }: MultiHeapPlan): readonly number[] {
  const single = capabilities.map((_, place) => 2 ** place);
  const all = single.reduce((sum, bit) => sum + bit, 0);
  const beyond = capabilities.length < 32 ? [2 ** capabilities.length] : [];
  const several = [...new Set([0, ...single, ...heaps.map((heap) => heap.capabilities), all, ...beyond])];
  // A power of two of them: the guest finds its own without a division.
  const length = 2 ** Math.ceil(Math.log2(several.length));
  return Array.from({ length }, (_, index) => several[index % several.length] ?? 0);
}
