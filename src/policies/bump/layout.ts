/** How the heap lies in memory, for those who read a dump of it. */
import type { Member, Width } from "../../layout/decode/numbers.js";
import { layoutBasis, requiredMember } from "../../layout/describe.js";
import type { LayoutBasis } from "../../layout/layout.js";
import { linkUnit, isLifo } from "./blocks.js";
import type { BumpPlan } from "./types.js";

/** An arena: blocks are cut from the end of what is left, each before the one allocated earlier. */
export interface BumpLayoutData extends LayoutBasis {
  readonly kind: "bump";
  readonly control: {
    /** Free bytes, before the newest block. */
    readonly room: Member;
  };
  /** The first bytes of a block, where blocks can be freed: the room when it was allocated, in `unitBytes`. */
  readonly before?: { readonly bytes: Width; readonly unitBytes: number };
  /** Before each payload. */
  readonly headerBytes: number;
}

export function layout(plan: BumpPlan): BumpLayoutData {
  return {
    kind: "bump",
    ...layoutBasis(plan),
    headerBytes: plan.header.bytes,
    control: { room: requiredMember(plan, "room") },
    ...(isLifo(plan) ? { before: { bytes: plan.header.links.bytes, unitBytes: linkUnit(plan) } } : {}),
  };
}
