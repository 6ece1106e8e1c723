/** What the front over several heaps is made of: input of its C and of its reference. */
import type { FrontConfig } from "../config/front.js";
import type { Plan } from "../plan/plan.js";

export interface FrontHeap {
  readonly plan: Plan;
  /** Bits of the capabilities it has. */
  readonly capabilities: number;
}

export interface FrontPlan {
  /** C identifier: the prefix of its functions. */
  readonly name: string;
  /** Each capability's bit is its place. */
  readonly capabilities: readonly string[];
  /** In the order in which they are tried. */
  readonly heaps: readonly FrontHeap[];
}

/** @param plans those of the front's heaps, in any order. */
export function planFront(front: FrontConfig, plans: readonly Plan[]): FrontPlan {
  const heaps = front.heaps.map(({ config, capabilities }) => {
    const plan = plans.find(({ name }) => name === config.name);
    if (plan === undefined) throw new Error(`the heap ${config.name} was not planned`);
    return { plan, capabilities: bitsOf(capabilities, front.capabilities) };
  });
  return { name: front.name, capabilities: front.capabilities, heaps };
}

/** From 0 to 2^32 - 1. */
function bitsOf(some: readonly string[], all: readonly string[]): number {
  return all.reduce((bits, word, place) => (some.includes(word) ? bits + 2 ** place : bits), 0);
}
