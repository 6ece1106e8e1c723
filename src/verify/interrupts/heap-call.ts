/** Calls of the heap's functions that are interrupted, and what handlers call. */
import { tagBits } from "../../header/facts.js";
import type { Plan } from "../../plan/plan.js";
import { calloc } from "../../reference/calloc.js";
import type { ReferenceHeap } from "../../reference/reference-heap.js";

/** A block that is live, by its number among those that were allocated; undefined: NULL. */
export type BlockNumber = number | undefined;

export type HeapCall =
  | { readonly kind: "malloc"; readonly size: number }
  | { readonly kind: "mallocTagged"; readonly size: number; readonly tag: number }
  | { readonly kind: "free"; readonly block: BlockNumber }
  | { readonly kind: "calloc"; readonly count: number; readonly size: number }
  | { readonly kind: "realloc"; readonly block: BlockNumber; readonly size: number }
  | { readonly kind: "alignedAlloc"; readonly alignment: number; readonly size: number }
  | { readonly kind: "release"; readonly mark: number }
  | { readonly kind: "resetPeak" }
  /** Where it merges what waits to be merged. */
  | { readonly kind: "largestRequest" }
  /** A function that changes nothing. */
  | {
      readonly kind: "look";
      readonly role:
        | "usable_size"
        | "check"
        | "stats"
        | "counters"
        | "largest_request"
        | "walk"
        | "owns"
        | "tagged_bytes"
        | "mark";
      readonly block?: number;
    };

/** Names in C, without the heap's. */
const roles = {
  malloc: "malloc",
  mallocTagged: "malloc_tagged",
  free: "free",
  calloc: "calloc",
  realloc: "realloc",
  alignedAlloc: "aligned_alloc",
  release: "release",
  resetPeak: "reset_peak",
  largestRequest: "largest_request",
} as const;

export const roleOf = (call: HeapCall): string => (call.kind === "look" ? call.role : roles[call.kind]);

/** Whether a call returns a block, or NULL. */
export const allocates = (call: HeapCall): boolean => "size" in call;

/** Where the guest finds what functions take beside sizes and blocks. */
export interface GuestPlaces {
  readonly heap: number;
  /** Memory that functions may write to. */
  readonly out: number;
  /** A function that returns true. */
  readonly visit: number;
}

/** The arguments of a call. @param address of a block by its number, 0 for NULL */
export function wordsOf(
  plan: Plan,
  call: HeapCall,
  { heap, out, visit }: GuestPlaces,
  address: (block: BlockNumber) => number,
): readonly number[] {
  const first = plan.placement.kind === "runtime" && plan.placement.instances === "many" ? [heap] : [];
  const rest = (): readonly number[] => {
    switch (call.kind) {
      case "malloc":
        return [call.size];
      case "mallocTagged":
        return [call.size, call.tag];
      case "free":
        return [address(call.block)];
      case "calloc":
        return [call.count, call.size];
      case "realloc":
        return [address(call.block), call.size];
      case "alignedAlloc":
        return [call.alignment, call.size];
      case "release":
        return [call.mark];
      case "resetPeak":
      case "largestRequest":
        return [];
      case "look":
        return wordsOfLook(call.role, address(call.block));
    }
  };
  const wordsOfLook = (role: string, block: number): readonly number[] => {
    switch (role) {
      case "usable_size":
      case "owns":
        return [block];
      case "walk":
        return [visit, 0];
      case "tagged_bytes":
        return [0];
      case "mark":
      case "largest_request":
        return [];
      default:
        return [out];
    }
  };
  return [...first, ...rest()];
}

/** What the reference does for a call; the payload's offset, -1 for NULL, undefined where the call returns no block. */
export function refer(
  plan: Plan,
  heap: ReferenceHeap,
  call: HeapCall,
  heapAddress: number,
  payload: (block: BlockNumber) => number,
): number | undefined {
  switch (call.kind) {
    case "malloc":
      return heap.malloc(call.size, 0).payload;
    case "mallocTagged":
      return heap.malloc(call.size, call.tag % 2 ** tagBits(plan.header)).payload;
    case "free":
      heap.free(payload(call.block));
      return undefined;
    case "calloc":
      return calloc(plan, heap, Math.min(call.count * call.size, 0xffff_ffff)).payload;
    case "realloc":
      return has(heap.realloc?.(payload(call.block), call.size, heapAddress)).payload;
    case "alignedAlloc":
      return has(heap.alignedAlloc?.(call.alignment, call.size, heapAddress)).payload;
    case "release":
      if (heap.releaseTo === undefined) throw new Error("the policy's reference has no marks");
      heap.releaseTo(call.mark);
      return undefined;
    case "resetPeak":
      has(heap.usage).resetPeak();
      return undefined;
    case "largestRequest":
      has(heap.largestRequest?.());
      return undefined;
    case "look":
      return undefined;
  }
}

function has<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the policy's reference lacks a function that the config has");
  return value;
}

/** "realloc(block 3, 40)" */
export function describeCall(call: HeapCall): string {
  const role = roleOf(call);
  const block = (number: BlockNumber): string => (number === undefined ? "NULL" : `block ${number}`);
  switch (call.kind) {
    case "malloc":
      return `${role}(${call.size})`;
    case "mallocTagged":
      return `${role}(${call.size}, ${call.tag})`;
    case "free":
      return `${role}(${block(call.block)})`;
    case "calloc":
      return `${role}(${call.count}, ${call.size})`;
    case "realloc":
      return `${role}(${block(call.block)}, ${call.size})`;
    case "alignedAlloc":
      return `${role}(${call.alignment}, ${call.size})`;
    case "release":
      return `${role}(${call.mark})`;
    case "resetPeak":
    case "largestRequest":
      return role;
    case "look":
      return call.block === undefined ? role : `${role}(block ${call.block})`;
  }
}
