/** A sample of a matrix too large to run whole, chosen by the seed that the test run prints. */
import { seededRandom } from "../../src/traces/random.js";

/** `count` elements, or ALLOC_GEN_SAMPLE of them ("all": every one). ALLOC_GEN_SEED chooses which. */
export function chooseSample<Element>(
  all: readonly Element[],
  count: number,
  purpose: string,
): readonly Element[] {
  const wish = process.env["ALLOC_GEN_SAMPLE"];
  if (wish === "all") return all;
  const random = seededRandom(Number(process.env["ALLOC_GEN_SEED"]), purpose);
  const keyed = all
    .map((element) => ({ element, key: random.unit() }))
    .sort((left, right) => left.key - right.key);
  return keyed.slice(0, wish === undefined ? count : Number(wish)).map(({ element }) => element);
}
