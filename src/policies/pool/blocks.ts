/** What stands in memory: a stretch of equal blocks for each class; free ones hold a link to the next. */
import type { PoolNumbers, PoolPlan } from "./types.js";
import type { HeaderlessBlocks } from "../../plan/policy-rules.js";
import type { Choice } from "../policy.js";

export const countOf = ({ start, end, blockBytes }: PoolNumbers["classes"][number]): number =>
  (end - start) / blockBytes;

/** How much one of a link counts. */
export const linkUnit = (plan: PoolPlan): number => (plan.header.links.bytes === 2 ? plan.granuleBytes : 1);

function draw(plan: PoolPlan): readonly string[] {
  const unit = plan.header.links.bytes === 2 ? "granules" : "bytes";
  return [
    ...plan.policy.classes.map(
      (pool) => `offset ${pool.start}: ${countOf(pool)} blocks of ${pool.blockBytes} bytes`,
    ),
    "block in use  | payload, padding ... |",
    "free block    | next | ... |",
    `              next, ${8 * plan.header.links.bytes} bits: offset of the next free block in ${unit}, 0: none`,
  ];
}

function declare(plan: PoolPlan, { name }: { readonly name: string }): string | undefined {
  const { classes, atomic } = plan.policy;
  if (name === "used") return "uint32_t used[USED_WORDS]";
  if (name !== "first" && name !== "fresh") return undefined;
  return `${atomic ? "uint32_t" : "link_t"} ${name}${classes.length > 1 ? "[CLASSES]" : ""}`;
}

/** Bytes between classes, which begin where their blocks are aligned. */
function gapBytes(plan: PoolPlan): number {
  const { classes } = plan.policy;
  return plan.endOfBlocks - plan.firstBlock - classes.reduce((sum, { start, end }) => sum + end - start, 0);
}

export function choices(plan: PoolPlan): readonly Choice[] {
  const { classes, fallback, lazy, atomic, usedBits } = plan.policy;
  const sizes = classes.map((pool) => `${countOf(pool)} of ${pool.blockBytes}`).join(", ");
  return [
    {
      choice: "blocks",
      costs: `${sizes} bytes; the unused part of a block is lost while the block is in use`,
    },
    ...(classes.length > 1
      ? [
          {
            choice: `fallback ${fallback ? "on" : "off"}`,
            costs: fallback
              ? "a request whose class is empty takes a larger block"
              : "a request fails when its own class is empty",
          },
        ]
      : []),
    {
      choice: lazy ? "lazy" : "not lazy",
      costs: lazy
        ? "init takes constant time, malloc checks two places"
        : "init links all blocks, malloc checks one place",
    },
    ...(usedBits !== undefined
      ? [
          {
            choice: "a bit for each block",
            costs: `${4 * usedBits.words} B of control data, for ${plan.hardening === undefined ? "" : "hardening, "}walk, check and stats`,
          },
        ]
      : []),
    ...(plan.api.alignedAlloc
      ? [
          {
            choice: `alignments up to ${plan.maximumAlignment}`,
            costs: `the heap is aligned to it, and ${gapBytes(plan)} B before the classes are lost`,
          },
        ]
      : []),
    ...(atomic ? [{ choice: "atomic", costs: "four bytes per list; no call waits for another" }] : []),
  ];
}

export const headerlessBlocks: HeaderlessBlocks<PoolPlan> = {
  draw,
  declare,
  decoder: {
    module: "policies/pool/decode",
    roots: ["blocks", "freeList", "freeBlocks", "freshBlock"],
    links: "A link, the first bytes of a free block: offset of another one in `unitBytes`, 0: none.",
  },
};
