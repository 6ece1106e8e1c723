/** What size classes promise of the memory between blocks. */
import type { FindsWhatFits } from "../../plan/fragmentation.js";
import { blockBytesFor } from "../../plan/plan.js";
import { classFloors } from "./reference-classes.js";
import type { SegregatedFitPlan } from "./types.js";

/** What waits in quick lists, or was freed and not merged, is merged before a request fails. */
export function fragmentation(plan: SegregatedFitPlan): FindsWhatFits {
  const { granuleBytes, minimumBlockBytes, policy } = plan;
  const unsplit = minimumBlockBytes - granuleBytes;
  return {
    kind: "finds",
    blockBytes: (request) => {
      const least = blockBytesFor(plan, request);
      return { least, most: least + unsplit };
    },
    foundFrom: (bytes) => {
      if (bytes <= minimumBlockBytes) return bytes;
      const granules = bytes / granuleBytes;
      const floors = classFloors(policy, minimumBlockBytes / granuleBytes, 2 * granules);
      return (floors.find((floor) => floor >= granules) ?? granules) * granuleBytes;
    },
    apart: 0,
    isFirstFit: false,
  };
}
