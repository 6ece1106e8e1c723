/** What stands in memory: the room, and after it the blocks in use, the newest first. */
import type { BumpPlan } from "./types.js";
import type { HeaderlessBlocks } from "../../plan/policy-rules.js";
import type { Choice } from "../policy.js";

export const isLifo = (plan: BumpPlan): boolean => plan.policy.release === "lifo";

/** How much one of a link counts. */
export const linkUnit = (plan: BumpPlan): number => (plan.header.links.bytes === 2 ? plan.granuleBytes : 1);

function draw(plan: BumpPlan): readonly string[] {
  const { header, minimumBlockBytes, granuleBytes } = plan;
  const sizes = `blocks of ${minimumBlockBytes}, ${minimumBlockBytes + granuleBytes}, ... bytes`;
  if (!isLifo(plan)) return ["wilderness    | room bytes |", `block         | payload, padding | ${sizes}`];
  const unit = header.links.bytes === 2 ? "granules" : "bytes";
  return [
    "wilderness    | room bytes |",
    "block         | before | payload, padding ... |",
    `              before, ${8 * header.links.bytes} bits: the room when the block was allocated, in ${unit}`,
    `              ${sizes}`,
  ];
}

export const headerlessBlocks: HeaderlessBlocks<BumpPlan> = {
  draw,
  declare: () => undefined,
  decoder: {
    module: "policies/bump/decode",
    roots: ["blocks", "newestBlock"],
  },
};

export const choices = (plan: BumpPlan): readonly Choice[] =>
  isLifo(plan)
    ? [
        {
          choice: 'release "lifo"',
          costs: `${plan.header.bytes} B before each payload; a block freed out of order stays until an older mark is released`,
        },
      ]
    : [{ choice: 'release "all"', costs: "only padding; memory is freed by init alone" }];
