/** How often loops go round in any call, for every function of the interface. */
import type { Plan } from "./plan.js";
import type { Limits } from "./policy-rules.js";

/** The malloc without a tag where the one with a tag is what operations call. */
export const untaggedMalloc = "untagged malloc";

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
 *
 * stats walks over the blocks; check does so too, and then follows at most as many links as it met free blocks, and one
 * more that shows that there is no further block to lead to. So does it with the slots of a table.
 */
export function loopLimitsOf(plan: Plan): Readonly<Record<string, Limits>> {
  const { malloc, free, introspection, realloc = {}, check = {} } = plan.rules.loopLimits(plan);
  const block = Math.floor((plan.endOfBlocks - plan.firstBlock) / plan.minimumBlockBytes);
  const { links } = plan.header;
  const slots = links.place === "slots" ? links.count : 0;
  const word = Math.ceil((plan.endOfBlocks - plan.firstBlock) / 4);
  // Copied one by one, where what is behind a request is not the program's.
  const rest = plan.hardening?.guard === undefined ? {} : { "byte of the last word": 3 };
  return {
    malloc,
    free,
    [untaggedMalloc]: malloc,
    calloc: together(malloc, { word, "byte of the last word": 3 }),
    realloc: together(malloc, free, free, { word, ...rest }, realloc),
    alignedAlloc: together(malloc, free, free),
    ...(introspection ?? {
      stats: { block },
      largest_request: together(malloc, { block }),
      tagged_bytes: { block },
      check: together({ block: 2 * block + 1, slot: slots + 1 }, check),
    }),
  };
}
