/** One malloc over several heaps, as its config means it: the first heap in order that has the capabilities and room. */
import type { ReferenceHeap } from "../../reference/reference-heap.js";
import type { MultiHeapPlan } from "./plan.js";

/** A block: the place of its heap in the order of trying, and the offset of its payload in it. */
export interface Placed {
  readonly heap: number;
  readonly payload: number;
}

export type MultiHeapOutcome =
  | { readonly kind: "served"; readonly placed: Placed; readonly tried: number }
  /** No heap has all of the capabilities. */
  | { readonly kind: "incapable" }
  | { readonly kind: "full"; readonly tried: number };

export class ReferenceMultiHeap {
  readonly heaps: readonly ReferenceHeap[];

  constructor(private readonly plan: MultiHeapPlan) {
    this.heaps = plan.heaps.map((heap) => heap.plan.rules.reference(heap.plan));
  }

  /** @param size bytes asked for. @param wanted bits of capabilities, 0 to 2^32 - 1. */
  malloc(size: number, wanted: number): MultiHeapOutcome {
    let tried = 0;
    for (const [heap, { capabilities }] of this.plan.heaps.entries()) {
      if ((wanted & ~capabilities) !== 0) continue;
      tried += 1;
      const payload = this.heaps[heap]?.malloc(size, 0).payload ?? -1;
      if (payload >= 0) return { kind: "served", placed: { heap, payload }, tried };
    }
    return tried === 0 ? { kind: "incapable" } : { kind: "full", tried };
  }

  /** @param placed what malloc gave; undefined for NULL. */
  free(placed: Placed | undefined): void {
    if (placed !== undefined) this.heaps[placed.heap]?.free(placed.payload);
  }
}
