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
  | { readonly kind: "full"; readonly tried: number }
  /** By realloc to 0 bytes. */
  | { readonly kind: "freed" };

/** Capabilities are bits of a number from 0 to 2^32 - 1. */
const hasAll = (some: number, wanted: number): boolean => (wanted & ~some) === 0;

export class ReferenceMultiHeap {
  readonly heaps: readonly ReferenceHeap[];

  constructor(private readonly plan: MultiHeapPlan) {
    this.heaps = plan.heaps.map((heap) => heap.plan.rules.reference(heap.plan));
  }

  /** @param size bytes asked for. @param wanted bits of capabilities, 0 to 2^32 - 1. */
  malloc(size: number, wanted: number): MultiHeapOutcome {
    return this.#first(wanted, (heap, index) =>
      this.#isAsked(index, size) ? heap.malloc(size, 0).payload : undefined,
    );
  }

  /** By size, only a heap that could serve so much, and the last one whatever is asked. */
  #isAsked(index: number, size: number): boolean {
    const { by, heaps } = this.plan;
    const most = heaps[index]?.plan.maximumRequestBytes ?? 0;
    return by === "capabilities" || index === heaps.length - 1 || size <= most;
  }

  /** @param wanted as for malloc. Of an array whose size is the product that was asked for: each heap judges it. */
  calloc(size: number, wanted: number): MultiHeapOutcome {
    return this.#first(wanted, (heap) => heap.malloc(size, 0).payload);
  }

  /**
   * A heap that cannot align so is passed over.
   * @param addresses where each heap begins, in the order of trying
   */
  alignedAlloc(
    alignment: number,
    size: number,
    wanted: number,
    addresses: readonly number[],
  ): MultiHeapOutcome {
    return this.#first(wanted, (heap, index) => {
      // By size, a heap without the function is passed over.
      const isThere = this.plan.heaps[index]?.plan.api.alignedAlloc === true;
      if (!this.#isAsked(index, size) || !isThere) return undefined;
      if (heap.alignedAlloc === undefined) throw new Error("a heap has no aligned allocation");
      return heap.alignedAlloc(alignment, size, addresses[index] ?? 0).payload;
    });
  }

  /**
   * The block's own heap resizes it where that has the capabilities; a block that it cannot resize goes to the first
   * other one that has them and room. Where none has, the block stays as it is.
   * @param placed as for free
   * @param addresses as for alignedAlloc
   */
  realloc(
    placed: Placed | undefined,
    size: number,
    wanted: number,
    addresses: readonly number[],
  ): MultiHeapOutcome {
    if (placed === undefined) return this.malloc(size, wanted);
    const own = this.heaps[placed.heap];
    const member = this.plan.heaps[placed.heap];
    if (own?.realloc === undefined || member === undefined)
      throw new Error("the block's heap has no realloc");
    const isOwn = size === 0 || hasAll(member.capabilities, wanted);
    const payload = isOwn ? own.realloc(placed.payload, size, addresses[placed.heap] ?? 0).payload : -1;
    const tried = isOwn ? 1 : 0;
    if (payload >= 0) return { kind: "served", placed: { heap: placed.heap, payload }, tried };
    if (size === 0) return member.plan.zeroSize === "null" ? { kind: "freed" } : { kind: "full", tried };
    const moved = this.#first(wanted, (heap, index) =>
      index === placed.heap || !this.#isAsked(index, size) ? undefined : heap.malloc(size, 0).payload,
    );
    if (moved.kind === "served") this.free(placed);
    return moved.kind === "incapable" && isOwn ? { kind: "full", tried } : moved;
  }

  /** Bytes that a block holds, each of which is its owner's. */
  usableSize({ heap, payload }: Placed): number {
    const header = this.plan.heaps[heap]?.plan.header.bytes ?? 0;
    const block = [...(this.heaps[heap]?.blocks() ?? [])].find(({ start }) => start + header === payload);
    if (block === undefined) throw new Error(`heap ${heap} has no block at ${payload}`);
    return block.size - header;
  }

  /** The first heap with the capabilities that serves. @param serve a payload, -1 for none; undefined: not asked */
  #first(
    wanted: number,
    serve: (heap: ReferenceHeap, index: number) => number | undefined,
  ): MultiHeapOutcome {
    let tried = 0;
    for (const [index, { capabilities }] of this.plan.heaps.entries()) {
      const heap = this.heaps[index];
      if (heap === undefined || !hasAll(capabilities, wanted)) continue;
      const payload = serve(heap, index);
      if (payload === undefined) continue;
      tried += 1;
      if (payload >= 0) return { kind: "served", placed: { heap: index, payload }, tried };
    }
    return tried === 0 ? { kind: "incapable" } : { kind: "full", tried };
  }

  /** @param placed what malloc gave; undefined for NULL. */
  free(placed: Placed | undefined): void {
    if (placed !== undefined) this.heaps[placed.heap]?.free(placed.payload);
  }
}
