/** What stands in memory: blocks and free runs of granules, told apart by the bits alone. */
import type { BitmapPlan } from "./types.js";
import type { HeaderlessBlocks } from "../../plan/policy-rules.js";
import type { Choice } from "../policy.js";

function draw(plan: BitmapPlan): readonly string[] {
  const { granuleBytes, minimumBlockBytes } = plan;
  return [
    "block         | payload, padding ... |",
    `              no header; blocks of ${minimumBlockBytes}, ${minimumBlockBytes + granuleBytes}, ... bytes`,
  ];
}

export function choices(plan: BitmapPlan): readonly Choice[] {
  return [
    {
      choice: `granule ${plan.granuleBytes} B`,
      costs: `block sizes are multiples of it; two bits each, ${plan.controlBytes} B in all, and a search over up to ${plan.policy.words} words`,
    },
  ];
}

export const headerlessBlocks: HeaderlessBlocks<BitmapPlan> = {
  draw,
  declare: (_plan, { name }) => (name === "used" || name === "last" ? `uint32_t ${name}[WORDS]` : undefined),
  decoder: {
    module: "policies/bitmap/decode",
    roots: ["blocks", "readBit"],
  },
};
