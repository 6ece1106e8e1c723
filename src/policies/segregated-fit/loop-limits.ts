/** How often the loops of the generated C can go round: the numbers for the words of their comments. */
import type { SegregatedFitPlan } from "./types.js";
import type { LoopLimits } from "../policy.js";

/** Only a request that finds nothing goes over blocks: those that wait in quick lists, and where merging was put off all. */
export function loopLimits({
  policy,
  endOfBlocks,
  firstBlock,
  minimumBlockBytes,
}: SegregatedFitPlan): LoopLimits {
  const { quick, coalesce, classes, bitmapWords } = policy;
  const blocks = Math.floor((endOfBlocks - firstBlock) / minimumBlockBytes);
  return {
    malloc: {
      ...(quick === undefined
        ? {}
        : { "quick list": quick.lists, "quick block": Math.min(quick.most, blocks) }),
      // Once merged, two free blocks have one in use between them.
      ...(coalesce === "deferred" ? { block: blocks, "free block": Math.ceil(blocks / 2) } : {}),
    },
    free: {},
    // check looks at each class twice: at its list, and at its bit, which it does by words.
    check: {
      class: classes + 32 * bitmapWords,
      "word of the bitmap": bitmapWords,
      // Links of quick lists are followed in the same way.
      ...(quick === undefined ? {} : { "quick list": quick.lists, block: 1 }),
    },
  };
}
