/** The symbols of the generated C that a replay needs to know. */
import type { AllocatorNames } from "../build/build-image.js";
import { findField, type Plan } from "../plan/plan.js";

/** What the replay calls the allocator's functions by. */
export function allocatorNames(plan: Plan): AllocatorNames {
  const tagged = findField(plan.header, "tag") !== undefined;
  return {
    heapSymbol: "heap",
    init: `${plan.name}_init`,
    malloc: tagged ? `${plan.name}_malloc_tagged` : `${plan.name}_malloc`,
    free: `${plan.name}_free`,
    tagged,
  };
}
