/** How the heap lies in memory, for those who read a dump of it. */
import type { Member } from "../../../layout/decode/numbers.js";
import { layoutBasis, member, requiredMember } from "../../../layout/describe.js";
import type { HeaderLayoutData, LayoutBasis } from "../../../layout/layout.js";
import { listLayout } from "../plan.js";
import type { SegregatedFitPlan } from "../types.js";
import { codeStart } from "./long.js";
import { bitsOf } from "./view.js";

/** Blocks without headers; a bit a granule says where those in use begin and end. */
export interface BitsLayoutData
  extends LayoutBasis, Required<Pick<HeaderLayoutData, "classFloors" | "listBits" | "listHeads">> {
  readonly kind: "boundary-bits";
  readonly control: {
    /** First free block of each list. */
    readonly first: Member;
    /** The block of size 0 that ends all lists: two links and a size. */
    readonly none: Member;
    readonly nonempty?: Member;
    readonly summary?: Member;
    readonly bitmap?: Member;
    readonly bits: Member;
  };
  /** The granule at `offset` has bit `offset / granuleBytes - placesBefore`, from the lowest of the first word. */
  readonly placesBefore: number;
  /** Blocks of so many bytes have their size in granules in `sizeBits` bits, from that of granule `sizeFrom` on. */
  readonly longBytes: number;
  readonly sizeFrom: number;
  readonly sizeBits: number;
}

export function layout(plan: SegregatedFitPlan): BitsLayoutData {
  const { longBytes, sizeBits, wordsBefore } = bitsOf(plan);
  const { classFloors = [], listBits, listHeads } = listLayout(plan);
  if (listBits === undefined || listHeads === undefined) throw new Error("the lists have no places");
  const optional = (["nonempty", "summary", "bitmap"] as const).flatMap((name) => {
    const found = member(plan, name);
    return found === undefined ? [] : [[name, found] as const];
  });
  return {
    kind: "boundary-bits",
    ...layoutBasis(plan),
    control: {
      first: requiredMember(plan, "first"),
      none: requiredMember(plan, "none"),
      ...Object.fromEntries(optional),
      bits: requiredMember(plan, "bits"),
    },
    placesBefore: 32 * wordsBefore - 1,
    ...{ longBytes, sizeFrom: codeStart, sizeBits },
    ...{ classFloors, listBits, listHeads },
  };
}
