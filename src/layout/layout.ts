/** The layout of a heap as data: all that decoding its memory takes, without how it came about. */
import type { Field, Member, Width } from "./decode/numbers.js";

/** What every layout has. */
export interface LayoutBasis {
  readonly name: string;
  readonly heapBytes: number;
  /** Of payloads, in bytes; block sizes are multiples of it. */
  readonly granuleBytes: number;
  /** Start of the first block. */
  readonly firstBlock: number;
  /** Where the last block ends, at most. */
  readonly endOfBlocks: number;
  /** Least block, header included. */
  readonly minimumBlockBytes: number;
  readonly maximumRequestBytes: number;
}

/** Blocks with headers, which tile the heap; free ones are in lists. */
export interface HeaderLayoutData extends LayoutBasis {
  readonly kind: "headers";
  readonly header: {
    readonly bytes: number;
    /** Sizes are in granules. */
    readonly fields: {
      readonly size: Field;
      readonly used?: Field;
      readonly prevFree?: Field;
      readonly quick?: Field;
      readonly prevSize?: Field;
      readonly requested?: Field;
      readonly magic?: Field;
      readonly tag?: Field;
      readonly checksum?: Field;
    };
    /** What field `magic` of a block in use holds. */
    readonly magic?: number;
    /**
     * Field `checksum`: the bits of `parts`, and in blocks in use those of `inUse`, joined by exclusive or; pieces of
     * `bits` bits of that, from the lowest up, likewise, and with them `ofZeros`.
     */
    readonly checksum?: {
      readonly bits: number;
      readonly ofZeros: number;
      readonly parts: readonly Field[];
      readonly inUse: readonly Field[];
    };
  };
  /** The last bytes of a free block: its size, in granules, from bit `shift` up. */
  readonly footer?: { readonly bytes: Width; readonly shift: number };
  /** What stands behind the last block: nothing, the last block's size, or the header of a block of size 0. */
  readonly endHeader: "none" | "tag" | "block";
  /**
   * Links: of a block (its payload's offset in `unitBytes`) or of a slot (its number, from 1); 0 leads nowhere. In
   * blocks `next` and `previous` count from the block's start; a slot is block, size in granules, next.
   */
  readonly links:
    | {
        readonly place: "blocks";
        readonly unitBytes: number;
        readonly bytes: Width;
        readonly next: number;
        readonly previous?: number;
      }
    | {
        readonly place: "slots";
        readonly unitBytes: number;
        readonly slots: number;
        readonly table: Member;
      };
  readonly control: {
    /** First node of each free list. */
    readonly first: Member;
    /** Size of a block in front of all, which begins the list: 0. */
    readonly head?: Member;
    readonly wilderness?: Member;
    readonly last?: Member;
    readonly rover?: Member;
    readonly sweep_due?: Member;
    readonly spare?: Member;
    readonly summary?: Member;
    readonly bitmap?: Member;
    readonly filled?: Member;
    /** First block of each quick list: of blocks of the least size, and of one granule more from list to list. */
    readonly quick?: Member;
    readonly quick_room?: Member;
  };
  /** Where there are quick lists: most blocks in all of them; there is room for as many more as `quick_room` says. */
  readonly quickMost?: number;
  /** Where there is a list for each class: the smallest block of each, in bytes. */
  readonly classFloors?: readonly number[];
  /** Then list l is bit `first + l` of the bitmap; each word's bits count from its highest or from its lowest. */
  readonly listBits?: { readonly first: number; readonly fromHighest: boolean };
  /** And the first block of list l has `first + l * step` for its previous, the link of the list's head. */
  readonly listHeads?: { readonly first: number; readonly step: number };
}

/** An arena: blocks are cut from the end of what is left, each in front of the one before. */
export interface BumpLayoutData extends LayoutBasis {
  readonly kind: "bump";
  readonly control: {
    /** Bytes left, in front of the newest block. */
    readonly room: Member;
  };
  /** The first bytes of a block, where blocks can be given back: the room there was before it, in `unitBytes`. */
  readonly before?: { readonly bytes: Width; readonly unitBytes: number };
  /** In front of each payload. */
  readonly headerBytes: number;
}

/** A stretch of equal blocks for each class. */
export interface PoolLayoutData extends LayoutBasis {
  readonly kind: "pool";
  readonly classes: readonly {
    readonly blockBytes: number;
    /** Of the first block. */
    readonly start: number;
    /** Where the last block ends. */
    readonly end: number;
  }[];
  readonly control: {
    /** First free block of each class. */
    readonly first: Member;
    /** First block of each class that was never handed out. */
    readonly fresh?: Member;
    /** Bit b % 32 of word b / 32: the block is in use that begins b * 2^placeShift bytes, or little more, from the first. */
    readonly used?: Member;
  };
  readonly placeShift?: number;
  /** Links stand at the start of free blocks: a block's offset in `unitBytes`; 0: none. */
  readonly links: { readonly bytes: Width; readonly unitBytes: number };
}

/** Blocks of whole granules, told apart by two bits for each, bit g % 32 of word g / 32 standing for granule g. */
export interface BitmapLayoutData extends LayoutBasis {
  readonly kind: "bitmap";
  readonly granules: number;
  readonly control: {
    /** The granule is in use. */
    readonly used: Member;
    /** The granule is the last of a block in use. */
    readonly last: Member;
    /** The words of `used` in front of this one are all ones. */
    readonly open: Member;
  };
}

/** Blocks of 2^order units, a unit being a granule. */
export interface BuddyLayoutData extends LayoutBasis {
  readonly kind: "buddy";
  readonly units: number;
  readonly orders: number;
  readonly control: {
    /** Bit k: list k is not empty. */
    readonly filled: Member;
    /** First free block of each order. */
    readonly first: Member;
    /** Of the unit that a block begins at: its order, and 0x80 when it is free. */
    readonly state: Member;
  };
  /** Next and previous, at the start of a free block: units, or `none`. */
  readonly links: { readonly bytes: Width; readonly none: number };
}

export type HeapLayout =
  HeaderLayoutData | BumpLayoutData | PoolLayoutData | BitmapLayoutData | BuddyLayoutData;
export type LayoutKind = HeapLayout["kind"];
