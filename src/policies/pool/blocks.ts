/** What stands in memory: a stretch of equal blocks for each class; free ones hold a link to the next. */
import { layoutBasis, member, requiredMember } from "../../layout/describe.js";
import type { PoolLayoutData } from "../../layout/layout.js";
import type { PoolNumbers, PoolPlan } from "./types.js";
import type { OwnBlocks } from "../../plan/policy-rules.js";
import type { Choice, MemoryReader, MemorySnapshot } from "../policy.js";

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

function read(plan: PoolPlan, memory: MemoryReader): MemorySnapshot {
  const { classes, lazy } = plan.policy;
  const unit = linkUnit(plan);
  const freeList: number[] = [];
  const blocks = classes.flatMap(({ start, end, blockBytes }, index) => {
    const free = new Set<number>();
    for (let at = memory.control("first", index) * unit; at !== 0;) {
      if (at < start || at >= end || (at - start) % blockBytes !== 0)
        throw new RangeError(`a list leads to ${at}, where no block begins`);
      if (free.has(at)) throw new RangeError("a free list runs in a circle");
      free.add(at);
      at = memory.number(at, plan.header.links.bytes) * unit;
    }
    freeList.push(...free);
    const fresh = lazy ? memory.control("fresh", index) * unit : end;
    return Array.from({ length: (end - start) / blockBytes }, (_, number) => {
      const at = start + number * blockBytes;
      return { start: at, size: blockBytes, free: at >= fresh || free.has(at) };
    });
  });
  return { blocks, freeList };
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
    { choice: "blocks", costs: `${sizes} bytes; what a request leaves of its block is lost while it lives` },
    ...(classes.length > 1
      ? [
          {
            choice: `fallback ${fallback ? "on" : "off"}`,
            costs: fallback
              ? "a class that is empty borrows from larger ones"
              : "a request fails when its own class is empty",
          },
        ]
      : []),
    {
      choice: lazy ? "lazy" : "not lazy",
      costs: lazy
        ? "init takes constant time, malloc looks in two places"
        : "init links all blocks, malloc looks in one place",
    },
    ...(usedBits !== undefined
      ? [
          {
            choice: "a bit for each block",
            costs: `${4 * usedBits.words} B of control data, for walk, check and stats`,
          },
        ]
      : []),
    ...(plan.api.alignedAlloc
      ? [
          {
            choice: `alignments up to ${plan.maximumAlignment}`,
            costs: `the heap begins at a multiple of it, and ${gapBytes(plan)} B in front of classes are lost`,
          },
        ]
      : []),
    ...(atomic ? [{ choice: "atomic", costs: "four bytes a list; no call is ever locked out" }] : []),
  ];
}

export const ownBlocks: OwnBlocks<PoolPlan> = { draw, read, declare };

/** How the pools lie in memory, for those who read a dump of it. */
export function layout(plan: PoolPlan): PoolLayoutData {
  const fresh = member(plan, "fresh");
  const used = member(plan, "used");
  const { usedBits } = plan.policy;
  return {
    kind: "pool",
    ...layoutBasis(plan),
    classes: plan.policy.classes,
    links: { bytes: plan.header.links.bytes, unitBytes: linkUnit(plan) },
    control: {
      first: requiredMember(plan, "first"),
      ...(fresh === undefined ? {} : { fresh }),
      ...(used === undefined ? {} : { used }),
    },
    ...(usedBits === undefined ? {} : { placeShift: usedBits.shift }),
  };
}
