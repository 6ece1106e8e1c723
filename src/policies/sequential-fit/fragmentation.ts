/** What a search of one list promises of the memory between blocks. */
import type { Fragmentation } from "../../plan/fragmentation.js";
import { blockBytesFor } from "../../plan/plan.js";
import type { SequentialFitPlan } from "./types.js";

export function fragmentation(plan: SequentialFitPlan): Fragmentation {
  const { fit, order, split, coalesce, wilderness } = plan.policy;
  if (coalesce === "never") return { kind: "unbounded", why: "free neighbours never merge" };
  if (coalesce === "list-neighbours") {
    const why = "free neighbours merge only where the list has them side by side too";
    return { kind: "unbounded", why };
  }
  const unsplit = plan.minimumBlockBytes - plan.granuleBytes;
  return {
    kind: "finds",
    blockBytes: (request) => {
      const least = blockBytesFor(plan, request);
      return { least, most: least + unsplit };
    },
    // Every search goes through the whole list.
    foundFrom: (bytes) => bytes,
    apart: wilderness === "none" ? 0 : 1,
    isFirstFit:
      fit === "first" &&
      order === "address" &&
      split === "low" &&
      coalesce === "immediate" &&
      wilderness !== "first" &&
      plan.header.links.place !== "slots",
  };
}
