/** Bits of the bitmap and of its summary that no class has: they are never set. */
import type { WordLimit } from "../policy.js";
import type { SegregatedFitPlan } from "./types.js";

export function wordLimits(plan: SegregatedFitPlan): readonly WordLimit[] {
  const { policy } = plan;
  const { firstClass, classes, bitmapWords } = policy;
  const bit = (index: number) => 2 ** (plan.countLeadingZeros ? 31 - index : index);
  const words = Array.from({ length: bitmapWords }, (_, word) => {
    const places = Array.from({ length: 32 }, (_ignored, index) => 32 * word + index);
    const used = places.filter((place) => place >= firstClass && place < firstClass + classes);
    return used.reduce((sum, place) => sum + bit(place % 32), 0);
  });
  const summary = words.reduce((sum, most, index) => sum + (most === 0 ? 0 : bit(index)), 0);
  return plan.control.flatMap(({ name, offset, bytes }) => {
    if (name === "summary") return [{ offset, bytes, most: summary }];
    if (name !== "bitmap" && name !== "nonempty") return [];
    return words.map((most, word) => ({ offset: offset + word * bytes, bytes, most }));
  });
}
