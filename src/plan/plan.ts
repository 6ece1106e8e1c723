/** The plan: every number of the allocator, decided once. Input of the C, of the reference and of the drawings. */
import type { Api, Lock, Optimization, Placement, ReallocRules } from "../config/config.js";
import type { HardeningTier, InitMode } from "../config/vocabulary.js";
import type { MaskName } from "../machine/registry.js";
export type { Lock, Placement } from "../config/config.js";
import type { Bytes, Offset, UnitBytes } from "../units.js";
import { hasHeaders as headerExists, linkUnitOf, type HeaderLayout } from "../header/layout.js";
import type { PolicyRules } from "./policy-rules.js";

/** A member of the control data, at the start of the heap. */
export interface ControlField {
  readonly name: string;
  readonly offset: Offset;
  /** Bytes of one element. */
  readonly bytes: UnitBytes;
  readonly count: number;
  /** Its numbers are links, where links are addresses: the reference counts them from the heap's. */
  readonly isLink?: true;
  /** What the C comment says of it. */
  readonly meaning: string;
}

/**
 * The header after the last block, which lies within the heap: "block" is that of a block in use of size 0, "tag"
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

/** Limits on the proven cycles that the config sets: a run fails where the proof exceeds one. */
export interface CycleBounds {
  /** Modelled cycles. */
  readonly malloc?: number;
  readonly free?: number;
  /** What the proven code is compiled with. */
  readonly optimize: Optimization;
  /** Of the flash that the code runs from. */
  readonly waitStates: number;
}

/**
 * What checks hold a block against: headers and links that say the same from both sides, in lists by size or in one ring; links that lead one way, and a
 * bit a block; or what is outside the blocks, alone or with links that lead both ways.
 */
export type Evidence = "both-ways" | "ring" | "one-way" | "map" | "map-and-links";

/** The checks of the C, and the function that is told what they find. */
export interface Hardening {
  readonly evidence: Evidence;
  readonly tier: HardeningTier;
  /** As C names it. */
  readonly hook: string;
  /** Whether the user defines it: else the C has one that stops the core, which a definition of the user's replaces. */
  readonly isGiven: boolean;
  /** What stands behind each request; absent where nothing does. */
  readonly guard?: Guard;
}

/**
 * Bytes behind what was asked for, to the end of the block, of which no program may write any. The first of them is the
 * code of one byte, the last that of as many as there are: where there is one, they are the same.
 */
export interface Guard {
  /** The code of a number of bytes is their sum: neither 0, nor a character of ASCII, nor 0xFF. */
  readonly code: number;
  /** Most bytes that there are in any block; one at least. */
  readonly mostBytes: number;
}

/** Bytes that a block has at least beside what was asked for, the header in front of them included. */
export const overheadBytes = ({ header, hardening }: Pick<Plan, "header" | "hardening">): number =>
  header.bytes + (hardening?.guard === undefined ? 0 : 1);

export interface Plan<Policy extends PolicyNumbers = PolicyNumbers> {
  readonly name: string;
  readonly heapBytes: Bytes;
  /** Where `heapBytes` are the most that the heap takes: what init refuses less than. Absent where there are so many. */
  readonly upTo?: { readonly leastBytes: Bytes; readonly mostBytes: Bytes; readonly mostEndOfBlocks: Offset };
  readonly alignment: Bytes;
  /** Bytes of a line of the data cache that holds payload or metadata, never both; absent where nobody asks for that. */
  readonly cacheLine?: Bytes;
  /** Every block's size is a multiple of it. The alignment, or a multiple of it; a power of two. */
  readonly granuleBytes: Bytes;
  readonly placement: Placement;
  readonly lock: Lock;
  /** Who makes the heap empty: the program, the first request, or a constructor. */
  readonly init: InitMode;
  /** What misuse the C finds; absent where it finds none. */
  readonly hardening?: Hardening;
  /** Whether the C has a function that tells if an address is the heap's. */
  readonly owned: boolean;
  /** Whether the C tells where the heap begins: an array. */
  readonly tellsStart: boolean;
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
  /** Whether the config lets no request be as large as an empty heap would serve. */
  readonly limitsRequests: boolean;
  /** Of all blocks of an empty heap, headers and padding included. */
  readonly emptyBytes: Bytes;
  /** Largest request an empty heap serves, or the config's own limit where that is lower. */
  readonly maximumRequestBytes: Bytes;
  readonly zeroSize: "null" | "unique";
  /** What the heap's address is a multiple of: the alignment, or more; a power of two. */
  readonly heapAlignment: Bytes;
  /** Largest alignment of an aligned allocation; a power of two. */
  readonly maximumAlignment: Bytes;
  readonly api: Api;
  /** What is asked of realloc; empty where nothing is, or there is none. */
  readonly realloc: ReallocRules;
  readonly policy: Policy;
  /** What the policy does with a heap of this plan. */
  readonly rules: PolicyRules<Plan>;
  readonly countLeadingZeros: boolean;
  /** Whether the core multiplies in one instruction. */
  readonly multiplies: boolean;
  /** Whether the core reads and writes a word at any address. */
  readonly unalignedAccess: boolean;
  /** A mask of all interrupts that the core has. */
  readonly maskOfAll: MaskName;
  /** What the C's header may say of time. */
  readonly cycleBounds: CycleBounds;
}

/** The largest block of a heap that got all the memory it may take: what classes and limits of requests are made for. */
export const mostBlockBytes = ({ upTo, endOfBlocks, firstBlock }: Plan): number =>
  (upTo?.mostEndOfBlocks ?? endOfBlocks) - firstBlock;

/** Whether blocks have headers; without them the policy alone knows where blocks are. */
export const hasHeaders = (plan: Plan): boolean => headerExists(plan.header);

/** log2 of the granule. */
export function granuleShift(plan: Plan): number {
  return Math.log2(plan.granuleBytes);
}

/** What links to blocks count in, where blocks have headers. */
export const linkUnitBytes = (plan: Plan): number => linkUnitOf(plan.header);

/** Block size, header included, of a request: rounded up to granules, at least the minimum block. */
export function blockBytesFor(plan: Plan, request: number): number {
  const rounded = Math.ceil((request + overheadBytes(plan)) / plan.granuleBytes) * plan.granuleBytes;
  return Math.max(rounded, plan.minimumBlockBytes);
}
