/** The classes as the reference knows them: by the smallest size of each. */
import type { SegregatedFitNumbers, SegregatedFitPlan } from "./types.js";

/**
 * The smallest block size of each class, in granules: a doubling of `parts` granules or fewer has a class for each
 * size, any other is cut into equal ones, or into two of the same ratio.
 */
export function classFloors(
  { squares, subdivisionBits }: Pick<SegregatedFitNumbers, "squares" | "subdivisionBits">,
  least: number,
  largest: number,
): readonly number[] {
  const floors: number[] = [];
  for (const floor of squares ? equalRatios(largest) : equalSteps(2 ** subdivisionBits, largest)) {
    // The class of the least size may begin below it: then no request finds all of its blocks large enough.
    if (floor <= least) floors[0] = floor;
    else floors.push(floor);
  }
  return floors;
}

function* equalSteps(parts: number, largest: number): Generator<number> {
  for (let doubling = 1; doubling <= largest; doubling *= 2) {
    const step = Math.max(1, doubling / parts);
    for (let floor = doubling; floor < 2 * doubling && floor <= largest; floor += step) yield floor;
  }
}

/** Of two classes of the same ratio the second begins at the root of 2 times the first: at the first size from there on. */
function* equalRatios(largest: number): Generator<number> {
  for (let doubling = 1; doubling <= largest; doubling *= 2) {
    yield doubling;
    const second = Math.ceil(doubling * Math.SQRT2);
    if (second < 2 * doubling && second <= largest) yield second;
  }
}

/** Tables that were made: of a large heap one takes longer than all that is done with a reference of it. */
const known = new WeakMap<SegregatedFitPlan, Uint16Array>();

/** The number of each size's class, by the size in granules. Nobody writes it. */
export function classesBySize(plan: SegregatedFitPlan, floors: readonly number[]): Uint16Array {
  const before = known.get(plan);
  if (before !== undefined) return before;
  const table = new Uint16Array((plan.upTo?.mostBytes ?? plan.heapBytes) / plan.granuleBytes + 1);
  for (const [index, floor] of floors.entries()) table.fill(index, floor);
  known.set(plan, table);
  return table;
}
