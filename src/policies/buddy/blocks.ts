/** What stands in memory: blocks of 2^k units, each with its order in the table of states; free ones hold two links. */
import type { BuddyPlan } from "./types.js";
import type { HeaderlessBlocks } from "../../plan/policy-rules.js";
import type { Choice } from "../policy.js";

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

function declare(_plan: BuddyPlan, { name }: { readonly name: string }): string | undefined {
  if (name === "first") return "link_t first[ORDERS]";
  return name === "state" ? "uint8_t state[UNITS]" : undefined;
}

export function choices(plan: BuddyPlan): readonly Choice[] {
  const { granules, orders } = plan.policy;
  return [
    {
      choice: `smallest block ${plan.granuleBytes} B`,
      costs: `a byte of state each, ${granules} B in all; sizes double ${orders - 1} times, and a request is rounded up to a power of two`,
    },
    ...(plan.api.alignedAlloc
      ? [
          {
            choice: `alignments up to ${plan.maximumAlignment}`,
            costs: `the heap is aligned to it, and so is unit 0: ${plan.firstBlock - plan.controlBytes} B before it are lost`,
          },
        ]
      : []),
  ];
}

export const headerlessBlocks: HeaderlessBlocks<BuddyPlan> = {
  draw,
  declare,
  decoder: {
    module: "policies/buddy/decode",
    roots: ["blocks", "freeList", "freeBlocks"],
    links: "Links, the first numbers of a free block: units of the next and the previous of its order.",
  },
};
