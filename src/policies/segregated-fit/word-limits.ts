/** Bits of the bitmap and of its summary that no class has: they are never set. */
import type { Plan } from "../../plan/plan.js";
import type { Policy } from "../policy.js";
import type { SegregatedFitConfig } from "../../config/config.js";

export const wordLimits: Policy<SegregatedFitConfig>["wordLimits"] = (plan: Plan) => {
  const { policy } = plan;
  if (policy.kind !== "segregated-fit") throw new Error("not a plan of segregated fit");
  const limits: { readonly offset: number; readonly bytes: number; readonly most: number }[] = [];
  for (const { name, offset, bytes, count } of plan.control) {
    if (name === "summary") limits.push({ offset, bytes, most: 2 ** policy.bitmapWords - 1 });
    if (name !== "bitmap") continue;
    for (let word = 0; word < count; word++) {
      const classes = Math.min(32, Math.max(0, policy.classes - 32 * word));
      limits.push({ offset: offset + word * bytes, bytes, most: 2 ** classes - 1 });
    }
  }
  return limits;
};
