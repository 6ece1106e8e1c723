/** What bitmapped fit promises of the memory between blocks: it is first fit, of granules. */
import type { FindsWhatFits } from "../../plan/fragmentation.js";
import { blockBytesFor } from "../../plan/plan.js";
import type { BitmapPlan } from "./types.js";

export const fragmentation = (plan: BitmapPlan): FindsWhatFits => ({
  kind: "finds",
  blockBytes: (request) => {
    const bytes = blockBytesFor(plan, request);
    return { least: bytes, most: bytes };
  },
  foundFrom: (bytes) => bytes,
  apart: 0,
  isFirstFit: true,
});
