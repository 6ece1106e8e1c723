/** The plan: every number of the allocator, decided once. Input of the C, of the reference and of the drawings. */
import type { Api, Lock, Placement } from "../config/config.js";
export type { Lock, Placement } from "../config/config.js";
import type { Bytes, Offset, UnitBytes } from "../units.js";
import type { PolicyRules } from "./policy-rules.js";

export type FieldName =
  | "size"
  | "used"
  | "prevFree"
  | "quick"
  | "prevSize"
  | "requested"
  | "magic"
  | "tag"
  | "checksum"
  | "padding";

/** A bit field of a storage unit. Sizes are stored in granules; one whose shift is log2 of the granule reads as bytes. */
export interface FieldPlacement {
  readonly field: FieldName;
  /** Position of the lowest bit in the unit. */
  readonly shift: number;
  readonly bits: number;
}

/** One naturally aligned 1-, 2- or 4-byte member of the header. */
export interface StorageUnit {
  /** C member name. */
  readonly name: string;
  /** Bytes from the start of the block. */
  readonly offset: number;
  readonly bytes: UnitBytes;
  /** From the lowest bit up. */
  readonly fields: readonly FieldPlacement[];
}

/**
 * Where the free list's links are. A link is the offset of a block's payload, in the smallest power of two bytes that
 * lets its bits reach the heap's end; 0 is no block. Slots count from 1.
 */
export type LinkLayout =
  | {
      readonly place: "intrusive";
      readonly form: "single" | "double";
      readonly bytes: 2 | 4;
      /** What a link counts in. At most a granule. */
      readonly unitBytes: number;
      /** Bytes from the start of a free block. */
      readonly nextOffset: number;
      /** Bytes from the start of a free block; read when `form` is "double". */
      readonly previousOffset: number;
    }
  | {
      readonly place: "slots";
      readonly count: number;
      readonly bytes: 2 | 4;
      readonly unitBytes: number;
    }
  /** Blocks have no header. The policy keeps the links it needs, if any; they have this width. */
  | { readonly place: "own"; readonly bytes: 2 | 4 };

/** Without a header: no units, no tags, and `links.place` is "own". */
export interface HeaderLayout {
  /** In front of each payload. */
  readonly bytes: Bytes;
  readonly units: readonly StorageUnit[];
  readonly boundaryTag: "none" | "prevSize" | "footer";
  /** Width of a free block's footer, which holds the size field as it stands in the header; 0: no footer. */
  readonly footerBytes: 0 | 2 | 4;
  readonly links: LinkLayout;
  readonly magic: number;
  /**
   * Field `checksum`: the storage units, of free blocks without `requested`, `magic` and `tag`, and with the checksum
   * and the padding as 0, are joined by exclusive or; pieces of `bits` bits of the result, from the lowest up, likewise,
   * and with them `ofZeros`.
   */
  readonly checksum?: { readonly bits: number; readonly ofZeros: number };
}

/** A member of the control data, at the start of the heap. */
export interface ControlField {
  readonly name: string;
  readonly offset: Offset;
  /** Bytes of one element. */
  readonly bytes: UnitBytes;
  readonly count: number;
  /** What the C comment says of it. */
  readonly meaning: string;
}

/**
 * The header behind the last block, which lies within the heap: "block" is that of a block in use of size 0, "tag"
 * holds the previous size alone; with "none" there is no room kept for it.
 */
export type EndHeader = "none" | "tag" | "block";

/**
 * Whether free neighbours are one block.
 *
 * - "immediate": the free that makes two blocks neighbours merges them, so that no two ever are;
 * - "if-listed": likewise, but a block that finds no place in the side table stays apart for now;
 * - "none": free looks at no neighbour in memory.
 */
export type Coalescing = "immediate" | "if-listed" | "none";

/** What the policy computed for itself; its folder says what it holds. */
export interface PolicyNumbers {
  /** The policy's name. */
  readonly kind: string;
}

export interface Plan<Policy extends PolicyNumbers = PolicyNumbers> {
  readonly name: string;
  readonly heapBytes: Bytes;
  readonly alignment: Bytes;
  /** Every block's size is a multiple of it. The alignment, or a multiple of it; a power of two. */
  readonly granuleBytes: Bytes;
  readonly placement: Placement;
  readonly lock: Lock;
  /** Whether the C tells if an address is the heap's. */
  readonly owned: boolean;
  readonly header: HeaderLayout;
  readonly control: readonly ControlField[];
  /** Control data without the gap before the first block. */
  readonly controlBytes: Bytes;
  /** Start of the first block's header. */
  readonly firstBlock: Offset;
  /** Where the last block ends, at most. */
  readonly endOfBlocks: Offset;
  readonly endHeader: EndHeader;
  readonly coalescing: Coalescing;
  /** Least block, header included. */
  readonly minimumBlockBytes: Bytes;
  /** Largest request an empty heap serves, or the config's own limit where that is lower. */
  readonly maximumRequestBytes: Bytes;
  readonly zeroSize: "null" | "unique";
  /** What the heap's address is a multiple of: the alignment, or more; a power of two. */
  readonly heapAlignment: Bytes;
  /** Largest alignment of an aligned allocation; a power of two. */
  readonly maximumAlignment: Bytes;
  readonly api: Api;
  readonly policy: Policy;
  /** What the policy does with a heap of this plan. */
  readonly rules: PolicyRules<Plan>;
  readonly countLeadingZeros: boolean;
}

/** Whether blocks have headers; without them the policy alone knows where blocks are. */
export function hasHeaders(plan: Plan): boolean {
  return plan.header.links.place !== "own";
}

/** log2 of the granule. */
export function granuleShift(plan: Plan): number {
  return Math.log2(plan.granuleBytes);
}

/** What links to blocks count in, where blocks have headers. */
export function linkUnitBytes({ header: { links } }: Plan): number {
  if (links.place === "own") throw new Error("blocks without a header have links of the policy's own");
  return links.unitBytes;
}

/** Where a field of the header stands, or undefined when the header has no such field. */
export function findField(
  header: HeaderLayout,
  name: FieldName,
): { readonly unit: StorageUnit; readonly placement: FieldPlacement } | undefined {
  for (const unit of header.units) {
    const placement = unit.fields.find((candidate) => candidate.field === name);
    if (placement !== undefined) {
      return { unit, placement };
    }
  }
  return undefined;
}

/** As `findField`, for a field the layout always has. */
export function fieldOf(header: HeaderLayout, name: FieldName): ReturnType<typeof findField> & object {
  const found = findField(header, name);
  if (found === undefined) {
    throw new Error(`the header has no field ${name}`);
  }
  return found;
}

/** Block size, header included, of a request: rounded up to granules, at least the minimum block. */
export function blockBytesFor(plan: Plan, request: number): number {
  const rounded = Math.ceil((request + plan.header.bytes) / plan.granuleBytes) * plan.granuleBytes;
  return Math.max(rounded, plan.minimumBlockBytes);
}
