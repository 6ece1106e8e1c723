/** How the heap lies in memory, for those who read a dump of it. */
import type { Member } from "../../layout/decode/numbers.js";
import { layoutBasis, requiredMember } from "../../layout/describe.js";
import type { LayoutBasis } from "../../layout/layout.js";
import type { BitmapPlan } from "./types.js";

/** Blocks of whole granules, told apart by two bits for each, bit g % 32 of word g / 32 standing for granule g. */
export interface BitmapLayoutData extends LayoutBasis {
  readonly kind: "bitmap";
  readonly granules: number;
  readonly control: {
    /** The granule is in use. */
    readonly used: Member;
    /** The granule is the last of a block in use. */
    readonly last: Member;
    /** The words of `used` before this one are all ones. */
    readonly searched: Member;
  };
}

export const layout = (plan: BitmapPlan): BitmapLayoutData => ({
  kind: "bitmap",
  ...layoutBasis(plan),
  granules: plan.policy.granules,
  control: {
    used: requiredMember(plan, "used"),
    last: requiredMember(plan, "last"),
    searched: requiredMember(plan, "searched"),
  },
});
