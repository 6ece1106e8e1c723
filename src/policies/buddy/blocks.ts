/** What stands in memory: blocks of 2^k units, each with its order in the table of states; free ones hold two links. */
import { layoutBasis, requiredMember } from "../../layout/describe.js";
import type { BuddyLayoutData } from "../../layout/layout.js";
import type { BuddyPlan } from "./types.js";
import type { OwnBlocks } from "../../plan/policy-rules.js";
import type { Choice, MemoryReader, MemorySnapshot } from "../policy.js";

/** In a state: the block is free. */
export const freeBit = 0x80;

/** The link that leads nowhere: all ones. */
export const noLink = (plan: BuddyPlan): number => 2 ** (8 * plan.header.links.bytes) - 1;

function draw(plan: BuddyPlan): readonly string[] {
  const { granuleBytes, header } = plan;
  const bits = 8 * header.links.bytes;
  const { granules, orders } = plan.policy;
  return [
    `${granules} units of ${granuleBytes} bytes; a block of order k has 2^k of them, k from 0 to ${orders - 1}, at a multiple of 2^k`,
    "block in use  | payload, padding ... |",
    "free block    | next | previous | ... |",
    `              next, previous, ${bits} bits: unit of another free block of the order, all ones: none`,
  ];
}

function read(plan: BuddyPlan, memory: MemoryReader): MemorySnapshot {
  const { granules, orders } = plan.policy;
  const place = (unit: number): number => plan.firstBlock + unit * plan.granuleBytes;
  const blocks: { start: number; size: number; free: boolean }[] = [];
  for (let unit = 0; unit < granules;) {
    const state = memory.control("state", unit);
    const units = 2 ** (state % freeBit);
    if (unit % units !== 0 || unit + units > granules)
      throw new RangeError(`unit ${unit} says that a block of order ${state % freeBit} begins there`);
    blocks.push({ start: place(unit), size: units * plan.granuleBytes, free: state >= freeBit });
    unit += units;
  }
  const freeList: number[] = [];
  for (let order = 0; order < orders; order++) {
    for (let unit = memory.control("first", order); unit !== noLink(plan);) {
      if (freeList.length >= granules) throw new RangeError("a free list runs in a circle");
      freeList.push(place(unit));
      unit = memory.number(place(unit), plan.header.links.bytes);
    }
  }
  return { blocks, freeList };
}

function declare(_plan: BuddyPlan, { name }: { readonly name: string }): string | undefined {
  if (name === "first") return "link_t first[ORDERS]";
  return name === "state" ? "uint8_t state[UNITS]" : undefined;
}

export function choices(plan: BuddyPlan): readonly Choice[] {
  const { granules, orders } = plan.policy;
  return [
    {
      choice: `smallest block ${plan.granuleBytes} B`,
      costs: `a byte of state each, ${granules} B in all; sizes double ${orders - 1} times, and a request takes the next power of two`,
    },
    ...(plan.api.alignedAlloc
      ? [
          {
            choice: `alignments up to ${plan.maximumAlignment}`,
            costs: `the heap begins at a multiple of it, and so does unit 0: ${plan.firstBlock - plan.controlBytes} B in front of it are lost`,
          },
        ]
      : []),
  ];
}

export const ownBlocks: OwnBlocks<BuddyPlan> = { draw, read, declare };

/** How the heap lies in memory, for those who read a dump of it. */
export const layout = (plan: BuddyPlan): BuddyLayoutData => ({
  kind: "buddy",
  ...layoutBasis(plan),
  units: plan.policy.granules,
  orders: plan.policy.orders,
  control: {
    filled: requiredMember(plan, "filled"),
    first: requiredMember(plan, "first"),
    state: requiredMember(plan, "state"),
  },
  links: { bytes: plan.header.links.bytes, none: noLink(plan) },
});
