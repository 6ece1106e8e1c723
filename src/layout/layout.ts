/** The layout of a heap as data: all that decoding its memory takes, without how it came about. */
import type { HeaderData } from "../header/decode/header-data.js";
import type { FieldPlacement } from "../header/field.js";
import type { Member, Width } from "./decode/numbers.js";

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
  readonly header: HeaderData;
  /** The header's fields that a dump tells. They are no part of the generated module, which has text made for them. */
  readonly placements: readonly FieldPlacement[];
  /** The last bytes of a free block: its size, in granules, from bit `shift` up. */
  readonly footer?: { readonly bytes: Width; readonly shift: number };
  /** What stands behind the last block: nothing, the last block's size, or the header of a block of size 0. */
  readonly endHeader: "none" | "tag" | "block";
  /**
   * Links: of a block (its payload's offset in `unitBytes`, or its payload's address) or of a slot (its number, from 1); 0 leads nowhere. In
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
        readonly place: "addresses";
        readonly unitBytes: 1;
        readonly bytes: Width;
        /** A member of the control data whose address ends all lists; it begins with that. */
        readonly end: Member;
        readonly next: number;
        readonly previous: number;
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
    /** Where init found out where the last block ends: the layout's own number is then the most. */
    readonly end?: Member;
    readonly last?: Member;
    readonly rover?: Member;
    readonly coalesce_due?: Member;
    readonly spare?: Member;
    readonly summary?: Member;
    readonly bitmap?: Member;
    readonly nonempty?: Member;
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

/** The layout of any heap: what else it holds is known to who reads its kind. */
export interface HeapLayout extends LayoutBasis {
  readonly kind: string;
}

/** Whether blocks have headers and tile the heap. */
export const hasHeaderLayout = (layout: HeapLayout): layout is HeaderLayoutData => layout.kind === "headers";
