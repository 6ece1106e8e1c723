import type { HeaderConfig } from "../../config/config.js";
import type { BuddyConfig, BuddyNumbers } from "./types.js";
import { diagnose, type Diagnostic } from "../../diagnostics.js";
import type { HeaderlessNeeds } from "../../header/needs.js";
import { placeControl } from "../../plan/place-control.js";
import { roundUp } from "../../units.js";
import { refuseHeader } from "../refuse-header.js";
import type { ControlMember, PlanBasis, PolicyPart } from "../policy.js";

export function headerNeeds(
  { smallest }: BuddyConfig,
  header: HeaderConfig,
): HeaderlessNeeds | readonly Diagnostic[] {
  const refusals = refuseHeader(header, true);
  return refusals.length > 0 ? refusals : { headerless: true, granuleBytes: smallest, linkBefore: false };
}

const ordersFor = (granules: number): number => Math.floor(Math.log2(granules)) + 1;

function controlMembers(granules: number, linkBytes: 2 | 4): readonly ControlMember[] {
  const orders = ordersFor(granules);
  return [
    { name: "nonempty", bytes: 4, count: 1, meaning: "bit k: a block of order k is free" },
    { name: "first", bytes: linkBytes, count: orders, meaning: "first free block of each order" },
    {
      name: "state",
      bytes: 1,
      count: granules,
      meaning: "order of the block that begins at each unit, and FREE",
    },
  ];
}

/** Where unit 0 begins, and which alignment blocks of at least as many bytes have. */
interface BlockArea {
  readonly firstBlock: number;
  readonly alignment: number;
}

/** The largest share of the heap that may be lost before unit 0 to align blocks. */
const lostShare = 1 / 32;

/** @param end of the control data */
function areaOf(end: number, { api, granuleBytes, heapBytes, maximumAlignment }: PlanBasis): BlockArea {
  const nearest = roundUp(end, granuleBytes);
  if (!api.alignedAlloc) return { firstBlock: nearest, alignment: granuleBytes };
  const firstFor = (alignment: number) => roundUp(end, Math.max(alignment, granuleBytes));
  let alignment = maximumAlignment;
  while (firstFor(alignment) - nearest > heapBytes * lostShare) alignment /= 2;
  return { firstBlock: firstFor(alignment), alignment };
}

export function planPart(
  _policy: BuddyConfig,
  basis: PlanBasis,
): PolicyPart<BuddyNumbers> | readonly Diagnostic[] {
  const { granuleBytes, heapBytes, header, minimumBlockBytes, figures } = basis;
  const { bytes } = header.links;
  if (2 * bytes > granuleBytes) {
    const reason = `a free block holds two links of ${bytes} bytes`;
    const found = `${granuleBytes} bytes`;
    return [diagnose("conflict", { found, reason }, { path: ["policy", "smallest"] })];
  }
  const areaFor = (granules: number): BlockArea =>
    areaOf(placeControl([...controlMembers(granules, bytes), ...figures]).end, basis);
  const firstFor = (granules: number) => areaFor(granules).firstBlock;
  const least = 2 ** Math.ceil(Math.log2(minimumBlockBytes / granuleBytes));
  let granules = Math.max(least, Math.floor(heapBytes / granuleBytes));
  while (granules > least && firstFor(granules) + granules * granuleBytes > heapBytes) granules--;
  const orders = ordersFor(granules);
  const { firstBlock, alignment } = areaFor(granules);
  return {
    policy: { kind: "buddy", granules, orders },
    control: controlMembers(granules, bytes),
    endHeader: "none",
    coalescing: "none",
    largestServedBytes: () => 2 ** (orders - 1) * granuleBytes,
    space: {
      minimumBlockBytes: least * granuleBytes,
      firstBlock,
      endOfBlocks: firstBlock + granules * granuleBytes,
      needed: firstFor(least) + least * granuleBytes,
      ...(basis.api.alignedAlloc ? { heapAlignment: alignment, maximumAlignment: alignment } : {}),
    },
  };
}
