/** How often loops go round in any call, for every function of the interface. */
import type { FunctionName } from "../bounds/bounds.js";
import type { Plan } from "../plan/plan.js";
import { policyFor } from "./registry.js";

type Limits = Readonly<Record<string, number>>;

/** What a call may do several times: the limits of all of it. */
function together(...parts: readonly Limits[]): Limits {
  const sum: Record<string, number> = {};
  for (const [budget, most] of parts.flatMap((part) => Object.entries(part))) {
    sum[budget] = (sum[budget] ?? 0) + most;
  }
  return sum;
}

/**
 * calloc allocates and clears. realloc at most looks for a neighbour, which is no longer than a free, allocates, copies
 * and frees once, be it the old block or what is too much of the new one. An aligned allocation frees what is in front
 * of the payload and what is behind it.
 */
export function loopLimitsOf(plan: Plan): Readonly<Partial<Record<FunctionName, Limits>>> {
  const { malloc, free } = policyFor(plan.policy).loopLimits(plan);
  const word = Math.ceil((plan.endOfBlocks - plan.firstBlock) / 4);
  return {
    malloc,
    free,
    calloc: together(malloc, { word, "byte of the last word": 3 }),
    realloc: together(malloc, free, free, { word }),
    alignedAlloc: together(malloc, free, free),
  };
}
