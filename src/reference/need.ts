/** The block that a request needs, as a path notes it. */
import { blockBytesFor, overheadBytes, type Plan } from "../plan/plan.js";
import type { PathTrail } from "./path-trail.js";

/**
 * A size raised to the least block's is computed or branched for, and a compiler may count equality to either side: so
 * three ways are told apart, where there are such sizes.
 * @param size of the request, in bytes
 * @return bytes of the block, header included
 */
export function noteNeed(trail: PathTrail, plan: Plan, size: number): number {
  const { granuleBytes, minimumBlockBytes, zeroSize } = plan;
  const natural = (bytes: number): number =>
    Math.ceil((bytes + overheadBytes(plan)) / granuleBytes) * granuleBytes;
  const raises = natural(zeroSize === "unique" ? 0 : 1) < minimumBlockBytes;
  const from = natural(size);
  trail.choice(raises && from <= minimumBlockBytes ? (from < minimumBlockBytes ? 0 : 1) : 2);
  return blockBytesFor(plan, size);
}
