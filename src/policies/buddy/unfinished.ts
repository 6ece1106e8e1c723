/** An operation has one buddy in hand that it splits, or merges: all that it leaves unfinished lies in that one. */
import { isIn, type Inspection, type Stretch, type Unfinished } from "../../inspect/inspection.js";
import { offsetOf } from "./decode.js";
import type { BuddyLayoutData } from "./layout.js";

/** Bits that lag behind: of the list that a block was taken from, and of one that gets its rest. */
const mostMarks = 2;

export function unfinished(
  layout: BuddyLayoutData,
  { damage, blocks }: Pick<Inspection, "damage" | "blocks">,
): Unfinished | undefined {
  if (damage.some(({ near }) => near === undefined)) return undefined;
  const placed = damage.flatMap(({ near }) => (typeof near === "object" ? [near] : []));
  if (damage.length - placed.length > mostMarks) return undefined;
  const common = { cuts: false, evidence: "memory" } as const;
  const [first] = placed;
  if (first === undefined) return common;
  const window = buddiesAround(layout, first)
    .filter((each) => placed.every((near) => near.some((offset) => isIn(each, offset))))
    .toSorted((left, right) => left.size - right.size)
    // Of a buddy that is split, each order has one block at most, and the least has two.
    .find((each) => blocks.filter(({ offset }) => isIn(each, offset)).length <= layout.orders + 1);
  return window === undefined ? undefined : { ...common, window };
}

/** Buddies of all orders that hold one of the offsets. */
function buddiesAround(layout: BuddyLayoutData, offsets: readonly number[]): readonly Stretch[] {
  const { orders, granuleBytes, firstBlock } = layout;
  return offsets.flatMap((offset) =>
    Array.from({ length: orders + 1 }, (_, order) => {
      const units = 2 ** order;
      const unit = Math.floor((offset - firstBlock) / granuleBytes / units) * units;
      return { offset: offsetOf(layout, unit), size: units * granuleBytes };
    }),
  );
}
