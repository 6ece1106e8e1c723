/** What the templates of the functions beside malloc and free are given. */
import { tellsWaiting } from "../../header/facts.js";
import { hasHeaders, type Plan } from "../../plan/plan.js";
import { unsigned } from "../../csource/c-text.js";
import { keepsFigures } from "../../plan/figures.js";
import type { View } from "../../csource/view.js";

/** @param policy the policy's own view */
export function apiView(plan: Plan, policy: View): View {
  const { api, header } = plan;
  const headers = hasHeaders(plan);
  return {
    alignedAlloc: api.alignedAlloc,
    orReset: api.counters ? ` or ${plan.name}_reset_peak()` : "",
    andPeak: api.stats ? `, and so is the peak of ${plan.name}_stats()` : "",
    ofCalloc: api.calloc ? "; SIZE_MAX if the factors of calloc are larger than any heap" : "",
    keepsFigures: keepsFigures(api),
    available: tellsWaiting(header) ? "is_available" : "is_free",
    blocksEnd: policy["endOfUsed"] ?? "END_OF_BLOCKS",
    // Before init no block has a size; where the blocks end at the wilderness, there are none.
    inBlocks:
      policy["hasWilderness"] === true
        ? "offset < heap.control.wilderness"
        : "(offset < END_OF_BLOCKS) && (block_size(header_at(offset)) != 0U)",
    endBlock: plan.endHeader === "block",
    endTag: plan.endHeader === "tag",
    resizes: headers || policy["resizes"] === true,
    growsLeft:
      plan.realloc.copyUnlocked !== true && (header.boundaryTag !== "none" || policy["growsLeft"] === true),
    keptText:
      plan.realloc.keepAlignment === undefined
        ? ""
        : `\n * If it moves, the new address is a multiple of each power of two that divides the old one, up to ${plan.realloc.keepAlignment}.`,
    copyText:
      plan.realloc.copyUnlocked === true
        ? "The lock is not held while contents are copied: no block moves into the free space before it."
        : "The lock is not held while contents are copied to another block.",
    take: policy["obtain"] ?? (policy["coalescesOnFailure"] === true ? "take_or_coalesce" : "take"),
    minimumAboveGranule: plan.minimumBlockBytes > plan.granuleBytes,
    alignmentSlack: slackText(plan),
    reallocText: policy["reallocText"] ?? "",
    alignedText: policy["alignedText"] ?? "The space before and after the block stays free.",
    alignedCost:
      policy["alignedCost"] ??
      ` Above ${plan.name.toUpperCase()}_ALIGNMENT, a free block larger by @p alignment bytes is needed.`,
    maximumAlignment: unsigned(plan.maximumAlignment),
  };
}

/** What the gap in front of an aligned payload may have beside the alignment. */
function slackText({ minimumBlockBytes, granuleBytes }: Plan): string {
  const above = minimumBlockBytes - granuleBytes;
  return above === 0 ? `- ${unsigned(granuleBytes)}` : `+ ${unsigned(above)}`;
}
