/** How the heap lies in memory, for those who read a dump of it. */
import type { Member, Width } from "../../layout/decode/numbers.js";
import { layoutBasis, requiredMember } from "../../layout/describe.js";
import type { LayoutBasis } from "../../layout/layout.js";
import { noLink } from "./blocks.js";
import type { BuddyPlan } from "./types.js";

/** Blocks of 2^order units, a unit being a granule. */
export interface BuddyLayoutData extends LayoutBasis {
  readonly kind: "buddy";
  readonly units: number;
  readonly orders: number;
  readonly control: {
    /** Bit k: list k is not empty. */
    readonly nonempty: Member;
    /** First free block of each order. */
    readonly first: Member;
    /** Of the unit that a block begins at: its order, and 0x80 when it is free. */
    readonly state: Member;
  };
  /** Next and previous, at the start of a free block: units, or `none`. */
  readonly links: { readonly bytes: Width; readonly none: number };
}

export const layout = (plan: BuddyPlan): BuddyLayoutData => ({
  kind: "buddy",
  ...layoutBasis(plan),
  units: plan.policy.granules,
  orders: plan.policy.orders,
  control: {
    nonempty: requiredMember(plan, "nonempty"),
    first: requiredMember(plan, "first"),
    state: requiredMember(plan, "state"),
  },
  links: { bytes: plan.header.links.bytes, none: noLink(plan) },
});
