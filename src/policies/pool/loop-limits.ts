/** How often the loops of the generated C can go round: the numbers for the words of their comments. */
import type { PoolPlan } from "./types.js";
import type { LoopLimits } from "../policy.js";
import { countOf } from "./blocks.js";

export function loopLimits(plan: PoolPlan): LoopLimits {
  const { classes, usedBits } = plan.policy;
  const count = classes.length;
  // An exclusive store fails only where an interrupt came between: the bound is that of one that came once.
  const limits = { class: count, try: 1 };
  const words = usedBits?.words ?? 0;
  const block = classes.reduce((sum, pool) => sum + countOf(pool), 0);
  // A block's class is found by going past the classes in front of it.
  const passed = classes.reduce((sum, pool, index) => sum + countOf(pool) * index, 0);
  return {
    malloc: limits,
    free: limits,
    introspection: {
      usable_size: { class: count },
      stats: { block, class: passed },
      largest_request: { class: count },
      // Over the blocks, over the lists and one further link, and over the bits.
      check: { block: 2 * block + 1, class: 2 * count, "word of bits": words, bit: 32 * words },
    },
  };
}
