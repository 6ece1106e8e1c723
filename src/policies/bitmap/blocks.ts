/** What stands in memory: blocks and free runs of granules, told apart by the bits alone. */
import { layoutBasis, requiredMember } from "../../layout/describe.js";
import type { BitmapLayoutData } from "../../layout/layout.js";
import type { BitmapPlan } from "./types.js";
import type { OwnBlocks } from "../../plan/policy-rules.js";
import type { Choice, MemoryReader, MemorySnapshot } from "../policy.js";

function draw(plan: BitmapPlan): readonly string[] {
  const { granuleBytes, minimumBlockBytes } = plan;
  return [
    "block         | payload, padding ... |",
    `              nothing else stands in it; blocks of ${minimumBlockBytes}, ${minimumBlockBytes + granuleBytes}, ... bytes`,
  ];
}

function read(plan: BitmapPlan, memory: MemoryReader): MemorySnapshot {
  const { granules } = plan.policy;
  const bit = (name: string, granule: number): boolean =>
    Math.floor(memory.control(name, Math.floor(granule / 32)) / 2 ** (granule % 32)) % 2 === 1;
  const blocks: { start: number; size: number; free: boolean }[] = [];
  for (let granule = 0; granule < granules;) {
    const free = !bit("used", granule);
    const begin = granule;
    let ended = false;
    while (!ended && granule < granules && bit("used", granule) !== free) {
      ended = !free && bit("last", granule);
      granule++;
    }
    if (!free && !ended) throw new RangeError(`the block at granule ${begin} has no end`);
    const { firstBlock, granuleBytes } = plan;
    blocks.push({ start: firstBlock + begin * granuleBytes, size: (granule - begin) * granuleBytes, free });
  }
  return { blocks, freeList: [] };
}

export function choices(plan: BitmapPlan): readonly Choice[] {
  return [
    {
      choice: `granule ${plan.granuleBytes} B`,
      costs: `block sizes are multiples of it; two bits each, ${plan.controlBytes} B in all, and a search of up to ${plan.policy.words} words`,
    },
  ];
}

export const ownBlocks: OwnBlocks<BitmapPlan> = {
  draw,
  read,
  declare: (_plan, { name }) => (name === "used" || name === "last" ? `uint32_t ${name}[WORDS]` : undefined),
};

/** How the heap lies in memory, for those who read a dump of it. */
export const layout = (plan: BitmapPlan): BitmapLayoutData => ({
  kind: "bitmap",
  ...layoutBasis(plan),
  granules: plan.policy.granules,
  control: {
    used: requiredMember(plan, "used"),
    last: requiredMember(plan, "last"),
    open: requiredMember(plan, "open"),
  },
});
