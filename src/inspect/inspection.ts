/** What was found in a dump of a heap. Offsets are bytes from the start of the heap, sizes are bytes. */

import type { Labels } from "../header/dump.js";

/** What can be wrong with a heap's memory, beside the fields of headers: each of these names its own damage. */
export type DamageKind =
  /** A header's size that no block can have there. */
  | "size"
  /** A free block's last bytes do not repeat its size. */
  | "footer"
  /** Two free neighbours that should have been merged. */
  | "unmerged"
  /** The header after the last block. */
  | "end"
  /** A link that leads to no block. */
  | "link"
  /** A list's node that is in use. */
  | "node-in-use"
  /** A list that comes back to a node, of itself or of another list. */
  | "loop"
  | "back-link"
  /** A block in the list of another class. */
  | "class"
  /** A list that is not in its order. */
  | "order"
  /** A free block, or one that says that it waits in a quick list, that stands in no list. */
  | "unlisted"
  /** A bit that tells whether a list, or a word of such bits, is empty. */
  | "bitmap"
  /** A bit that bounds blocks, where no block has one or one is missing. */
  | "boundary"
  /** Another number of the control data. */
  | "control";

/**
 * Where an operation that was not finished may have left a damage: it had the block in hand that holds one of these
 * offsets, the likeliest first. "mark": a bit or a count, which lags behind whatever the operation has in hand. "swept": of any block that is
 * free, where an operation puts all of them into lists anew.
 */
export type Near = readonly number[] | "mark" | "swept";

export interface Damage {
  /** A `DamageKind`, or that of a header's field. */
  readonly kind: string;
  /** Of the number at fault. */
  readonly offset: number;
  /** "size of the block at 0x1c6" */
  readonly what: string;
  readonly found: string;
  readonly expected: string;
  /** Left out of what no operation leaves, finished or not. */
  readonly near?: Near;
}

export interface InspectedBlock {
  readonly offset: number;
  readonly payload: number;
  /** Header included. */
  readonly size: number;
  /** Nobody has the block. */
  readonly free: boolean;
  /** Nobody has it, and it waits in a quick list, not merged. */
  readonly waits?: true;
  /** Of blocks in use: what headers keep with them. */
  readonly labels?: Labels;
  /** Of free blocks: the list, and where it leads from here; undefined where it ends. */
  readonly list?: number;
  readonly next?: number;
  readonly previous?: number;
}

/** A stretch of the heap that belongs to no block that could be told. */
export interface Stretch {
  readonly offset: number;
  readonly size: number;
}

/** Whether an offset lies in a stretch; in none where there is none. */
export const isIn = (stretch: Stretch | undefined, offset: number): boolean =>
  stretch !== undefined && offset >= stretch.offset && offset < stretch.offset + stretch.size;

export interface InspectedList {
  readonly list: number;
  /** Smallest block of its class, where lists are of classes. */
  readonly from?: number;
  readonly blocks: number;
  readonly bytes: number;
  /** False when it could not be followed to its end. */
  readonly whole: boolean;
}

export interface InspectedTag {
  readonly tag: number;
  readonly blocks: number;
  readonly bytes: number;
  /** Of its blocks, the largest first. */
  readonly offsets: readonly number[];
}

export interface HeapTotals {
  readonly usedBlocks: number;
  readonly usedBytes: number;
  /** What was asked for; undefined where headers do not tell. */
  readonly requestedBytes: number | undefined;
  readonly freeBlocks: number;
  /** Without the untouched space. */
  readonly freeBytes: number;
  readonly untouchedBytes: number;
  /** The largest free block, or the untouched space where that is larger. */
  readonly largestFreeBytes: number;
  /** Share of the free bytes, untouched ones included, that lies outside the largest stretch: 0 to 1. */
  readonly fragmentation: number;
  /** In stretches that belong to no block. */
  readonly lostBytes: number;
}

export interface Inspection {
  /** Bytes before the first block. */
  readonly controlBytes: number;
  readonly heapBytes: number;
  /** By address. */
  readonly blocks: readonly InspectedBlock[];
  readonly lost: readonly Stretch[];
  /** Space that is in no block: nothing was handed out there, or it was given back. */
  readonly untouched: readonly Stretch[];
  /** Lists that hold a block or are damaged. */
  readonly lists: readonly InspectedList[];
  /** The same of quick lists, numbered from the least size's; left out where there are none. */
  readonly quickLists?: readonly InspectedList[];
  readonly tags: readonly InspectedTag[];
  readonly totals: HeapTotals;
  /** By offset. */
  readonly damage: readonly Damage[];
}

/** What an operation that is not finished has in hand. */
export interface Unfinished {
  /** Where its blocks lie; undefined where only bits and counts lag behind, which do not tell. */
  readonly window?: Stretch;
  /** It has cut a block, and what is left has no header yet: no free does that. */
  readonly cuts: boolean;
  /**
   * What memory tells of it. "shrinks": of what gives back the end of a block in use, and an overwritten header looks the
   * same; "links": of a block that enters its list, and one whose links were overwritten looks the same.
   */
  readonly evidence: "memory" | "shrinks" | "links";
}

/** What was under way, perhaps, when memory was read. */
export interface OperationUnderWay {
  /** Kinds of operations that leave it; whatever allocates, calloc for one, is a malloc. */
  readonly operations: readonly ("malloc" | "realloc" | "free")[];
  /** False: a header or a free block that was overwritten looks the same. */
  readonly isSure: boolean;
  /** Of the blocks that the operation has in hand; left out where memory does not tell. */
  readonly from?: number;
  readonly to?: number;
}

/** An offset as the reports write it. */
export const hex = (offset: number): string => `0x${offset.toString(16)}`;
