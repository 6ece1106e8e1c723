/** The plan: every number of the allocator, decided once. Input of the C, of the reference and of the drawings. */
import type { CoalesceRule, Fit, ListOrder, WildernessRule } from "../config/config.js";
import type { Bytes, Offset } from "../units.js";

export type FieldName = "size" | "free" | "prevFree" | "prevSize" | "requested" | "magic" | "tag" | "padding";

/** A bit field of a storage unit. Sizes are stored in granules: a field in bytes is one whose low bits are others'. */
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
  readonly bytes: 1 | 2 | 4;
  readonly fields: readonly FieldPlacement[];
}

/**
 * Where the free list's links are. Links are granule numbers (a payload's offset divided by the granule) when they
 * have 16 bits and payload offsets in bytes when they have 32; 0 is no block. Slots are numbered from 1.
 */
export type LinkLayout =
  | {
      readonly place: "intrusive";
      readonly form: "single" | "double";
      readonly bytes: 2 | 4;
      /** Bytes from the start of a free block. */
      readonly nextOffset: number;
      /** Bytes from the start of a free block; read when `form` is "double". */
      readonly previousOffset: number;
    }
  | { readonly place: "slots"; readonly count: number; readonly bytes: 2 | 4 };

export interface HeaderLayout {
  readonly bytes: Bytes;
  readonly units: readonly StorageUnit[];
  readonly boundaryTag: "none" | "prevSize" | "footer";
  /** Width of the footer of a free block, its size in granules; it ends where the block ends. 0: no footer. */
  readonly footerBytes: 0 | 2 | 4;
  readonly links: LinkLayout;
  readonly magic: number;
}

/** A member of the control data, at the start of the heap. */
export interface ControlField {
  readonly name: string;
  readonly offset: Offset;
  /** Bytes of one element. */
  readonly bytes: 1 | 2 | 4;
  readonly count: number;
  /** Line of the struct's comment. */
  readonly meaning: string;
}

export interface SequentialFitPlan {
  readonly kind: "sequential-fit";
  readonly fit: Fit;
  readonly order: ListOrder;
  readonly wilderness: WildernessRule;
  readonly coalesce: CoalesceRule;
}

export interface SegregatedFitPlan {
  readonly kind: "segregated-fit";
  /** Block sizes below this many granules have a class each. A power of two. */
  readonly exactGranules: number;
  /** log2 of the classes to a doubling. */
  readonly subdivisionBits: number;
  /** Classes in all; the last holds every larger block too. */
  readonly classes: number;
  /** Words of the bitmap; with more than one there is a summary word above them. */
  readonly bitmapWords: number;
  readonly probe: boolean;
}

export interface Plan {
  readonly name: string;
  readonly heapBytes: Bytes;
  readonly alignment: Bytes;
  /** Every block's size is a multiple of it; equal to the alignment. A power of two. */
  readonly granuleBytes: Bytes;
  readonly section?: string;
  readonly header: HeaderLayout;
  readonly control: readonly ControlField[];
  /** Control data without the gap before the first block. */
  readonly controlBytes: Bytes;
  /** Start of the first block's header. */
  readonly firstBlock: Offset;
  /** Where the last block ends. A header is kept here when `sentinel`. */
  readonly endOfBlocks: Offset;
  /** Whether a header stands at `endOfBlocks`, within the heap. */
  readonly sentinel: boolean;
  /** Least block, header included. */
  readonly minimumBlockBytes: Bytes;
  /** Largest request an empty heap serves, or the config's own limit where that is lower. */
  readonly maximumRequestBytes: Bytes;
  /** Requests below it are served as if they asked for it; 0: no such limit. */
  readonly minimumRequestBytes: Bytes;
  readonly zeroSize: "null" | "unique";
  readonly policy: SequentialFitPlan | SegregatedFitPlan;
  readonly countLeadingZeros: boolean;
}
