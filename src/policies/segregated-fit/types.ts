/** What a config and a plan say of segregated fit (Wilson et al. 1995, section 3.6; Masmano et al. 2004). */
import type { Plan } from "../../plan/plan.js";
import type { BoundaryChoice } from "../../header/boundary-tag.js";
import type { Bytes, Offset } from "../../units.js";

export const segregatedSplits = ["low", "two-ended", "by-neighbour"] as const;
export type SegregatedSplit = (typeof segregatedSplits)[number];

/** How a doubling is divided into its classes: sizes in steps of the same bytes, or of the same ratio. */
export const classSpacings = ["linear", "geometric"] as const;
export type ClassSpacing = (typeof classSpacings)[number];

/** What a link to a block is: its place in the heap, or its address. */
export const segregatedLinks = ["offset", "address"] as const;

/** Points between cycles and memory that a config names. */
export const segregatedPoints = ["default", "fast", "frugal"] as const;
export type SegregatedPoint = (typeof segregatedPoints)[number];

/** What a config may name: those, and published designs. */
export const segregatedPresets = [...segregatedPoints, "tlsf", "half-fit"] as const;
export type SegregatedPreset = (typeof segregatedPresets)[number];

/** What a preset says of the boundaries of blocks, where the config leaves them open. */
export interface BoundaryForm {
  readonly boundaryTag: BoundaryChoice;
  /** In heaps of more bytes alone. */
  readonly above: number;
  /** Where the config asks for what this form has not, blocks keep their headers. */
  readonly yields: boolean;
}

/** Size classes with a bitmap index. */
export interface SegregatedFitConfig {
  readonly kind: "segregated-fit";
  /** Where the values were named by it. */
  readonly preset?: SegregatedPoint;
  /** By the preset. */
  readonly form?: BoundaryForm;
  /** By the preset: links are addresses where nothing that the config asks for forbids it. */
  readonly prefersAddresses?: true;
  /** Classes to a doubling of the size: 1, 2, 4, … 32; a doubling with fewer sizes has a class for each. */
  readonly subdivisions: number;
  /** Of two classes to a doubling; linear when left out. */
  readonly spacing?: "geometric";
  /** Look at the first block of the request's own class before taking a block from a class whose blocks all fit. */
  readonly probe: boolean;
  /**
   * Which end of a larger block a request gets: always the low one; the high one where it is small; or the high one
   * where its block is at least as large as the block behind.
   */
  readonly split: SegregatedSplit;
  /** Blocks of fewer bytes, header included, are small; read when `split` is "two-ended". */
  readonly smallBelow: Bytes;
  /** Freed blocks are listed as they are, and merge when a request fails; at once when left out. */
  readonly coalesce?: "deferred";
  /** Freed blocks are kept for requests of the same size; when left out none are. */
  readonly quickLists?: QuickListsConfig;
  /** Links are addresses, and list heads are told from blocks by a bit of theirs; offsets when left out. */
  readonly links?: "address";
}

/** Quick lists (Wilson et al. 1995, section 3.11): a list of freed blocks for each small size, which do not merge. */
export interface QuickListsConfig {
  /** The largest request that has a list. */
  readonly upTo: Bytes;
  /** Most blocks in all lists together. */
  readonly most: number;
}

export interface SegregatedFitNumbers {
  readonly kind: "segregated-fit";
  /** What the config calls these numbers. */
  readonly preset?: SegregatedPoint;
  /** log2 of the classes to a doubling. */
  readonly subdivisionBits: number;
  /** The class of a size is the highest bit of its square. */
  readonly squares?: true;
  /** log2 of what `classIndex` counts sizes in, in bytes. */
  readonly sizeShift: number;
  /** Smaller sizes, so counted, are classed as if their highest bit were this one; 0 where there are none. */
  readonly leastHighest: number;
  /** Class of the minimum block. Classes are numbered by `classIndex`; some numbers no size has. */
  readonly firstClass: number;
  /** Numbers from the first class to that of the largest block. */
  readonly classes: number;
  /**
   * Words of the bitmap, bit c % 32 of word c / 32 standing for class c; above one word stands a summary. Bits count
   * from the highest where the core counts leading zeros, from the lowest where it does not.
   */
  readonly bitmapWords: number;
  /** Link that a block whose `next` is the head of class c would have, less c heads. */
  readonly headsLink: number;
  readonly probe: boolean;
  readonly split: SegregatedSplit;
  /** Blocks of fewer bytes are small; read when `split` is "two-ended". */
  readonly smallBelow: Bytes;
  readonly coalesce: "immediate" | "deferred";
  /** Lists of freed blocks that do not merge, where there are any. */
  readonly quick?: QuickListsPlan;
  /** Where blocks have no header: the bits outside them that say where each begins and ends. */
  readonly bits?: BoundaryBits;
  /** Where links are addresses. */
  readonly address?: AddressLinks;
}

/**
 * Offsets in the heap of what lists begin and end with: they are 4 more than a multiple of 8, and those of blocks are
 * multiples of 8. So one bit of an address tells whether it is a block's.
 */
export interface AddressLinks {
  /** The block that ends all lists. Its header says that it has no bytes, its first word is its own address. */
  readonly none: Offset;
  /** The head of the first class; each other is 8 bytes behind that of the class before it. */
  readonly heads: Offset;
}

/**
 * A bit a granule. A block in use has a set bit at its first granule and at its last, free space has none. Bit b of word
 * w is that of the granule in front of offset `granule * (32 * (wordsBefore + w) + b)`.
 */
export interface BoundaryBits {
  readonly words: number;
  /** Words that the bits of the control data in front of the first block would take. */
  readonly wordsBefore: number;
  /** Blocks of so many bytes and more have their size in the bits of their own granules. */
  readonly longBytes: Bytes;
  /** Bits of that size, in granules. */
  readonly sizeBits: number;
}

/** A list for each block size from the least one on. */
export interface QuickListsPlan {
  readonly lists: number;
  /** The last list's blocks, header included. */
  readonly largestBytes: number;
  /** Blocks in all lists together. */
  readonly most: number;
}

export type SegregatedFitPlan = Plan<SegregatedFitNumbers>;
