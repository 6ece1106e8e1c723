/** How the heap lies in memory, for those who read a dump of it. */
import type { Member, Width } from "../../layout/decode/numbers.js";
import { layoutBasis, member, requiredMember } from "../../layout/describe.js";
import type { LayoutBasis } from "../../layout/layout.js";
import { linkUnit } from "./blocks.js";
import type { PoolPlan } from "./types.js";

/** A stretch of equal blocks for each class. */
export interface PoolLayoutData extends LayoutBasis {
  readonly kind: "pool";
  readonly classes: readonly {
    readonly blockBytes: number;
    /** Of the first block. */
    readonly start: number;
    /** Where the last block ends. */
    readonly end: number;
  }[];
  readonly control: {
    /** First free block of each class. */
    readonly first: Member;
    /** First block of each class that was never allocated. */
    readonly fresh?: Member;
    /** Bit b % 32 of word b / 32: the block is in use that begins b * 2^placeShift bytes, or little more, from the first. */
    readonly used?: Member;
  };
  readonly placeShift?: number;
  /** Links stand at the start of free blocks: a block's offset in `unitBytes`; 0: none. */
  readonly links: { readonly bytes: Width; readonly unitBytes: number };
}

export function layout(plan: PoolPlan): PoolLayoutData {
  const fresh = member(plan, "fresh");
  const used = member(plan, "used");
  const { usedBits } = plan.policy;
  return {
    kind: "pool",
    ...layoutBasis(plan),
    classes: plan.policy.classes,
    links: { bytes: plan.header.links.bytes, unitBytes: linkUnit(plan) },
    control: {
      first: requiredMember(plan, "first"),
      ...(fresh === undefined ? {} : { fresh }),
      ...(used === undefined ? {} : { used }),
    },
    ...(usedBits === undefined ? {} : { placeShift: usedBits.shift }),
  };
}
