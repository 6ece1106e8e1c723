/** What one malloc over several heaps is made of: input of its C and of its reference. */
import type { FrontChoice, MultiHeapApi, MultiHeapConfig } from "./config.js";
import { planWithin } from "../../plan/plan-heap.js";
import type { Plan } from "../../plan/plan.js";

export interface MemberHeap {
  readonly plan: Plan;
  /** Bits of the capabilities it has. */
  readonly capabilities: number;
}

export interface MultiHeapPlan {
  /** C identifier: the prefix of its functions. */
  readonly name: string;
  /** By size: its functions take no capabilities. */
  readonly by: FrontChoice;
  /** Each capability's bit is its place. */
  readonly capabilities: readonly string[];
  /** In the order in which they are tried. */
  readonly heaps: readonly MemberHeap[];
  /** Functions beside malloc and free. */
  readonly api: MultiHeapApi;
  /** What is made in memory that is added at run time, and how often at most. */
  readonly regions?: MemberHeap & { readonly most: number };
}

/** Its functions, by their names in C. The replay does not call usableSize. */
export function frontNames({ name, by, api }: MultiHeapPlan) {
  const of = (suffix: string): string => `${name}_${suffix}${by === "size" ? "" : "_caps"}`;
  return {
    init: `${name}_init`,
    malloc: of("malloc"),
    free: `${name}_free`,
    ...(api.calloc ? { calloc: of("calloc") } : {}),
    ...(api.realloc ? { realloc: of("realloc") } : {}),
    ...(api.alignedAlloc ? { alignedAlloc: of("aligned_alloc") } : {}),
    more: api.usableSize ? [`${name}_usable_size`] : [],
  };
}

/** The same with regions that were added, as heaps of their own behind the others. @param sizes bytes of each */
export function withRegions(multiHeap: MultiHeapPlan, sizes: readonly number[]): MultiHeapPlan {
  const { regions } = multiHeap;
  if (regions === undefined) return multiHeap;
  const added = sizes.map((bytes) => ({ ...regions, plan: planWithin(regions.plan, bytes) }));
  return { ...multiHeap, heaps: [...multiHeap.heaps, ...added] };
}

/** @param plans those of its heaps, in any order. */
export function planMultiHeap(config: MultiHeapConfig, plans: readonly Plan[]): MultiHeapPlan {
  const memberOf = (heap: MultiHeapConfig["heaps"][number]): MemberHeap => {
    const plan = plans.find(({ name }) => name === heap.name);
    if (plan === undefined) throw new Error(`the heap ${heap.name} was not planned`);
    return { plan, capabilities: bitsOf(heap.capabilities, config.capabilities) };
  };
  const { name, by, capabilities, api, regions } = config;
  return {
    name,
    by,
    capabilities,
    heaps: config.heaps.map(memberOf),
    api,
    ...(regions === undefined ? {} : { regions: { ...memberOf(regions), most: regions.most } }),
  };
}

/** From 0 to 2^32 - 1. */
function bitsOf(some: readonly string[], all: readonly string[]): number {
  return all.reduce((bits, word, place) => (some.includes(word) ? bits + 2 ** place : bits), 0);
}
