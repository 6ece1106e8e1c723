/** Heaps whose operations write one mark of a block after the other: of one that is not finished, one lags behind. */
import { isIn, type Inspection, type Unfinished } from "./inspection.js";

/** Of heaps without headers, whose blocks inspection always finds. */
export function unfinishedMark({ damage, blocks }: Inspection): Unfinished | undefined {
  const [only, another] = damage;
  const near = only?.near;
  if (near === undefined || another !== undefined) return undefined;
  const block = blocks.find((each) => typeof near === "object" && near.some((offset) => isIn(each, offset)));
  return {
    cuts: false,
    evidence: "memory",
    ...(block === undefined ? {} : { window: { offset: block.offset, size: block.size } }),
  };
}
