/** What stands in memory: blocks and free runs of granules, told apart by the bits alone. */
import { layoutBasis, requiredMember } from "../../layout/describe.js";
import type { BitmapLayoutData } from "../../layout/layout.js";
import type { BitmapPlan, Plan } from "../../plan/plan.js";
import type { Choice, MemoryReader, MemorySnapshot, OwnBlocks } from "../policy.js";

export function bitmapOf(plan: Plan): BitmapPlan {
  if (plan.policy.kind !== "bitmap") throw new Error("not a plan of bitmapped fit");
  return plan.policy;
}

function draw(plan: Plan): readonly string[] {
  const { granuleBytes, minimumBlockBytes } = plan;
  return [
    "block         | payload, padding ... |",
    `              nothing else stands in it; blocks of ${minimumBlockBytes}, ${minimumBlockBytes + granuleBytes}, ... bytes`,
  ];
}

function read(plan: Plan, memory: MemoryReader): MemorySnapshot {
  const { granules } = bitmapOf(plan);
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

function choices(plan: Plan): readonly Choice[] {
  return [
    {
      choice: `granule ${plan.granuleBytes} B`,
      costs: `block sizes are multiples of it; two bits each, ${plan.controlBytes} B in all, and a search of up to ${bitmapOf(plan).words} words`,
    },
  ];
}

export const ownBlocks: OwnBlocks = {
  draw,
  read,
  choices,
  declare: (_plan, { name }) => (name === "used" || name === "last" ? `uint32_t ${name}[WORDS]` : undefined),
};

/** How the heap lies in memory, for those who read a dump of it. */
export const layout = (plan: Plan): BitmapLayoutData => ({
  kind: "bitmap",
  ...layoutBasis(plan),
  granules: bitmapOf(plan).granules,
  control: {
    used: requiredMember(plan, "used"),
    last: requiredMember(plan, "last"),
    open: requiredMember(plan, "open"),
  },
});
