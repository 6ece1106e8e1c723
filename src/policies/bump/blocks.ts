/** What stands in memory: the untouched space, and behind it the blocks in use, the newest first. */
import { layoutBasis, requiredMember } from "../../layout/describe.js";
import type { BumpLayoutData } from "../../layout/layout.js";
import type { BumpPlan } from "./types.js";
import type { OwnBlocks } from "../../plan/policy-rules.js";
import type { Choice, MemoryReader, MemorySnapshot } from "../policy.js";

const isLifo = (plan: BumpPlan): boolean => plan.policy.release === "lifo";

/** How much one of a link counts. */
const linkUnit = (plan: BumpPlan): number => (plan.header.links.bytes === 2 ? plan.granuleBytes : 1);

function draw(plan: BumpPlan): readonly string[] {
  const { header, minimumBlockBytes, granuleBytes } = plan;
  const sizes = `blocks of ${minimumBlockBytes}, ${minimumBlockBytes + granuleBytes}, ... bytes`;
  if (!isLifo(plan)) return ["untouched     | room bytes |", `block         | payload, padding | ${sizes}`];
  const unit = header.links.bytes === 2 ? "granules" : "bytes";
  return [
    "untouched     | room bytes |",
    "block         | before | payload, padding ... |",
    `              before, ${8 * header.links.bytes} bits: the room there was when the block was cut off, in ${unit}`,
    `              ${sizes}`,
  ];
}

function read(plan: BumpPlan, memory: MemoryReader): MemorySnapshot {
  const { firstBlock, endOfBlocks, header } = plan;
  const area = endOfBlocks - firstBlock;
  const room = memory.control("room");
  if (room > area) throw new RangeError(`the room is ${room} of ${area} bytes`);
  const blocks = room === 0 ? [] : [{ start: firstBlock as number, size: room, free: true }];
  for (let position = room; position < area;) {
    const start = firstBlock + position;
    const before = isLifo(plan) ? memory.number(start, header.links.bytes) * linkUnit(plan) : area;
    if (before <= position || before > area)
      throw new RangeError(`the block at ${start} says ${before} bytes were left before it`);
    blocks.push({ start, size: before - position, free: false });
    position = before;
  }
  return { blocks, freeList: [] };
}

export const ownBlocks: OwnBlocks<BumpPlan> = {
  draw,
  read,
  declare: () => undefined,
};

export const choices = (plan: BumpPlan): readonly Choice[] =>
  isLifo(plan)
    ? [
        {
          choice: 'release "lifo"',
          costs: `${plan.header.bytes} B in front of each payload; a block freed out of order stays until a mark below it is released`,
        },
      ]
    : [{ choice: 'release "all"', costs: "nothing but the padding; memory comes back by init alone" }];

/** How the arena lies in memory, for those who read a dump of it. */
export function layout(plan: BumpPlan): BumpLayoutData {
  return {
    kind: "bump",
    ...layoutBasis(plan),
    headerBytes: plan.header.bytes,
    control: { room: requiredMember(plan, "room") },
    ...(isLifo(plan) ? { before: { bytes: plan.header.links.bytes, unitBytes: linkUnit(plan) } } : {}),
  };
}
