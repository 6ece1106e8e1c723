import { cType, unsigned, type Constant, type StaticAssert } from "../../csource/c-text.js";
import { emptyAssert } from "../empty-assert.js";
import type { View } from "../../csource/view.js";
import { granuleShift } from "../../plan/plan.js";
import type { BumpPlan } from "./types.js";

interface Shape {
  readonly lifo: boolean;
  readonly area: number;
  /** Small requests are raised to the minimum block, or zero bytes are served. */
  readonly clamps: boolean;
  /** The room alone limits requests. */
  readonly plain: boolean;
}

export function shapeOf(plan: BumpPlan): Shape {
  const lifo = plan.policy.release === "lifo";
  const area = plan.endOfBlocks - plan.firstBlock;
  const natural = Math.ceil((plan.header.bytes + 1) / plan.granuleBytes) * plan.granuleBytes;
  const zeroNeedsMore = plan.zeroSize === "unique" && plan.header.bytes % plan.granuleBytes === 0;
  const clamps = zeroNeedsMore || natural < plan.minimumBlockBytes;
  return { lifo, area, clamps, plain: !lifo && !clamps && plan.maximumRequestBytes === area };
}

/** An arena that is freed as a whole does not know its blocks: it counts them. */
export const countsBlocks = ({ policy, api }: BumpPlan): boolean => api.stats && policy.release === "all";

export function view(plan: BumpPlan): View {
  const { lifo, clamps } = shapeOf(plan);
  const { name, header, api } = plan;
  const inGranules = header.links.bytes === 2;
  const kept = (room: string): string => (inGranules ? `(room_t)(${room} >> GRANULE_SHIFT)` : room);
  const told = (room: string): string => (inGranules ? `(uint32_t)${room} << GRANULE_SHIFT` : room);
  return {
    summary: lifo ? "bump arena, freed last-in first-out" : "bump arena, freed all at once",
    mallocBound: "O(1)",
    freeBound: "O(1)",
    mergesAtFree: false,
    freeText: lifo
      ? `Free the newest block. Any other stays until ${name}_release() of an older mark.`
      : `Does nothing: ${name}_init() frees all blocks at once.`,
    countedFrees: lifo ? ` by ${name}_free()` : ": none, for all are at once",
    largestRoom: clamps
      ? `(room < MINIMUM_BLOCK_BYTES) ? 0U : ${lifo ? "(room - LINK_BYTES)" : "room"}`
      : lifo
        ? "(room > LINK_BYTES) ? (room - LINK_BYTES) : 0U"
        : "room",
    resizes: api.realloc,
    growsLeft: false,
    reallocText:
      plan.realloc.copyUnlocked === true
        ? ` * A block stays in place if it is large enough; else it moves, and its old block is freed when an older mark is
 * released.`
        : ` * The newest block keeps its end, so that its payload moves when its size changes. Any other stays in place if it is
 * large enough; else it moves, and its old block is freed when an older mark is released.`,
    needTemplate: "policies/bump/need",
    need: "need",
    held: "payload_bytes(pointer)",
    nowHeld: "payload_bytes(payload)",
    sizeAt: "size_at(offset)",
    usedAt: "is_used(offset)",
    step: "offset += size",
    sizesAreRead: true,
    linkBefore: lifo ? " + LINK_BYTES" : "",
    linkOff: lifo ? " - LINK_BYTES" : "",
    endOfUsed: "(FIRST_BLOCK + BLOCKS_BYTES)",
    damaged: "damaged_block()",
    countedBytes: "(BLOCKS_BYTES - heap.control.room)",
    alignedText: "The padding that the alignment takes belongs to the block.",
    alignedCost: "",
    roomType: cType(header.links.bytes),
    roomUnit: inGranules ? ", in granules" : "",
    keptRoom: kept("room"),
    keptBefore: kept("before"),
    blockBefore: told("block->before"),
    roomBefore: told("newest_block(begin)->before"),
    mostRounding: lifo ? "(LINK_BYTES + GRANULE_MASK)" : "GRANULE_MASK",
  };
}

export function constants(plan: BumpPlan): readonly Constant[] {
  const { lifo, area, clamps } = shapeOf(plan);
  const constant = (name: string, value: number, comment = ""): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  return [
    ...(lifo ? [constant("LINK_BYTES", plan.header.bytes, "In front of each payload.")] : []),
    ...(lifo && plan.header.links.bytes === 2 ? [constant("GRANULE_SHIFT", granuleShift(plan))] : []),
    constant("GRANULE_MASK", plan.granuleBytes - 1),
    constant("FIRST_BLOCK", plan.firstBlock, "Offset of the room for blocks."),
    constant("BLOCKS_BYTES", area, "Its length."),
    ...(clamps ? [constant("MINIMUM_BLOCK_BYTES", plan.minimumBlockBytes)] : []),
  ];
}

export function asserts(plan: BumpPlan): readonly StaticAssert[] {
  const { lifo, clamps } = shapeOf(plan);
  const name = plan.name.toUpperCase();
  const link = lifo ? " + LINK_BYTES" : "";
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  return [
    ...emptyAssert(plan, "BLOCKS_BYTES"),
    check(`${name}_ALIGNMENT == (GRANULE_MASK + 1U)`, "a granule is not the alignment"),
    check("FIRST_BLOCK >= sizeof(control_t)", "the blocks overlap the control data"),
    check(`((FIRST_BLOCK${link}) & GRANULE_MASK) == 0U`, "payloads are misaligned"),
    check("(BLOCKS_BYTES & GRANULE_MASK) == 0U", "the room is not a whole number of granules"),
    check(`(FIRST_BLOCK + BLOCKS_BYTES) <= ${name}_SIZE_BYTES`, "the blocks end after the heap"),
    check(
      `${name}_MAX_REQUEST <= (BLOCKS_BYTES${lifo ? " - LINK_BYTES" : ""})`,
      "the room does not hold the largest request",
    ),
    ...(clamps
      ? [
          check(
            "(MINIMUM_BLOCK_BYTES & GRANULE_MASK) == 0U",
            "the minimum block is not a whole number of granules",
          ),
          check("MINIMUM_BLOCK_BYTES != 0U", "a block has no bytes"),
        ]
      : []),
    ...(plan.api.alignedAlloc
      ? [
          check(
            `(${name}_MAX_ALIGNMENT & (${name}_MAX_ALIGNMENT - 1U)) == 0U`,
            "the largest alignment is not a power of two",
          ),
        ]
      : []),
    ...(lifo ? linkAsserts(plan) : []),
  ];
}

function linkAsserts(plan: BumpPlan): readonly StaticAssert[] {
  const length = {
    condition: "sizeof(header_t) == LINK_BYTES",
    sentence: "the link is not as long as the plan says",
  };
  if (plan.header.links.bytes === 4) return [length];
  return [
    length,
    {
      condition: "(1U << GRANULE_SHIFT) == (GRANULE_MASK + 1U)",
      sentence: "the shift and the mask of a granule differ",
    },
    { condition: "(BLOCKS_BYTES >> GRANULE_SHIFT) <= UINT16_MAX", sentence: "a link does not hold the room" },
  ];
}
