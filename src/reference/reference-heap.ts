/** The reference: what each operation must do, told from the config's meaning and never from the generated C. */
import type { UnitBytes } from "../units.js";
import type { Block } from "./block.js";
import type { Path } from "./path.js";
import type { PathTrail } from "./path-trail.js";

export interface Outcome {
  /** Offset of the payload from the heap's first byte; -1 for NULL, and for a free. */
  readonly payload: number;
  readonly path: Path;
}

/** Links of a free block; undefined where the list ends. */
export interface BlockLinks {
  readonly next: Block | undefined;
  readonly previous: Block | undefined;
  /** What the first block of a list has for its previous, where that is the head of the list; 0 when left out. */
  readonly headLink?: number;
}

/** A number in the heap's memory. */
export interface StoredNumber {
  /** What messages call it: "next". */
  readonly name: string;
  readonly offset: number;
  readonly bytes: UnitBytes;
  readonly value: number;
}

/** Counts since the beginning, and the most bytes in use since the peak was reset. */
export interface Counted {
  readonly peak: number;
  readonly allocations: number;
  readonly frees: number;
  readonly failures: number;
  resetPeak(): void;
}

export interface ReferenceHeap {
  /** The way of the operation under way, or of the last one. */
  readonly trail: PathTrail;
  /** @param size bytes asked for, any number from 0 to 2^32 - 1. @param tag kept with the block. */
  malloc(size: number, tag: number): Outcome;
  /** @param payload what malloc gave: the payload of a live block, or -1 for NULL. */
  free(payload: number): Outcome;
  /**
   * C's realloc; a size of 0 frees the block and gives NULL where the config has malloc(0) give NULL. Where it fails the
   * old block stays. Addresses count where alignments are kept: `heapAddress` is where the heap begins. Absent where the
   * policy has none.
   */
  realloc?(payload: number, size: number, heapAddress: number): Outcome;
  /**
   * C's aligned_alloc. Addresses count, not offsets: `heapAddress` is where the heap begins. Absent where the policy has
   * none.
   * @param tag kept with the block; 0 when left out, as the function has none
   */
  alignedAlloc?(alignment: number, size: number, heapAddress: number, tag?: number): Outcome;
  /**
   * The most bytes that a request may have to be served now; 0 where none would be. What a request that fails merges is
   * merged first.
   */
  largestRequest?(): number;
  /** What `releaseTo` takes: all that is allocated from now on. Absent where the policy has no marks. */
  mark?(): number;
  /** All blocks are given back that were allocated since the mark, which is older than no block freed since. */
  releaseTo?(mark: number): void;
  /** What is counted of the calls so far. Absent where the policy's heaps count nothing. */
  readonly usage?: Counted;
  /** All blocks by address, free ones included; the wilderness is none. */
  blocks(): Iterable<Block>;
  /** Where the blocks end and the wilderness begins: the end of the blocks where a policy keeps no wilderness. */
  wildernessStart(): number;
  /** Intrusive links of a free block. */
  links(block: Block): BlockLinks;
  /** Values of the control data by field name, one for each element; undefined where no value is owed. */
  control(): ReadonlyMap<string, readonly (number | undefined)[]>;
  /** What stands in the blocks of a policy without headers: the links it keeps in them. */
  storedNumbers?(): Iterable<StoredNumber>;
  /** Payload offsets of free-list nodes in list order, list after list: for drawings. */
  freeList(): readonly Block[];
  /** @throws Error naming the invariant that does not hold. */
  check(): void;
}
