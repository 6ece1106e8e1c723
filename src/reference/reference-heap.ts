/** The reference: what each operation must do, told from the config's meaning and never from the generated C. */
import type { Block } from "./block-chain.js";

/** How an operation was served. Two operations with equal paths run the same code of a constant-time policy. */
export interface Path {
  /**
   * malloc: where the block came from; "refused" was turned away by its size, "none" found nothing.
   * free: "free", or "null" for a null pointer.
   */
  readonly source:
    "refused" | "none" | "wilderness" | "list" | "own-class" | "larger-class" | "free" | "null";
  /** List nodes looked at. */
  readonly steps: number;
  /** Whether the block was larger than needed and its rest became a free block. */
  readonly split: boolean;
  readonly mergedLeft: boolean;
  readonly mergedRight: boolean;
  /** Whether the freed space became part of the wilderness. */
  readonly joinedWilderness: boolean;
  /** Whether a sweep over the whole heap ran. */
  readonly swept: boolean;
}

export interface Outcome {
  /** Offset of the payload from the heap's first byte; -1 for NULL, and for a free. */
  readonly payload: number;
  readonly path: Path;
}

/** Links of a free block; undefined where the list ends. */
export interface BlockLinks {
  readonly next: Block | undefined;
  readonly previous: Block | undefined;
}

export interface ReferenceHeap {
  /** @param size bytes asked for, any number from 0 to 2^32 - 1. @param tag kept with the block. */
  malloc(size: number, tag: number): Outcome;
  /** @param payload what malloc gave: the payload of a live block, or -1 for NULL. */
  free(payload: number): Outcome;
  /** All blocks by address, free ones included; the wilderness is none. */
  blocks(): Iterable<Block>;
  /** Where the blocks end and the wilderness begins: the end of the blocks where a policy keeps no wilderness. */
  wildernessStart(): number;
  /** Intrusive links of a free block. */
  links(block: Block): BlockLinks;
  /** Values of the control data by field name, one for each element; undefined where no value is owed. */
  control(): ReadonlyMap<string, readonly (number | undefined)[]>;
  /** Payload offsets of free-list nodes in list order, list after list: for drawings. */
  freeList(): readonly Block[];
  /** @throws Error naming the invariant that does not hold. */
  check(): void;
}

export const noPath: Path = {
  source: "none",
  steps: 0,
  split: false,
  mergedLeft: false,
  mergedRight: false,
  joinedWilderness: false,
  swept: false,
};
export const refused: Outcome = { payload: -1, path: { ...noPath, source: "refused" } };
export const freedNull: Outcome = { payload: -1, path: { ...noPath, source: "null" } };
