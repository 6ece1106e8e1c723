/** What was found of a heap that interrupts may use. Part of a run's result. */

/** A call in which the heap was not protected. */
export interface BrokenCall {
  /** In C, without the heap's name. */
  readonly function: string;
  /** "realloc(block 0, 40) in a heap with holes" */
  readonly call: string;
  /** Of the instruction, where it is one that is to blame. */
  readonly at?: number;
  /** "app_heap.c:120" of it, where debug information tells. */
  readonly source?: string;
  /** What was found, one sentence without a full stop. */
  readonly message: string;
}

/** Calls of one function that were interrupted. */
export interface InterruptedFunction {
  /** In C, without the heap's name. */
  readonly name: string;
  readonly calls: number;
  /** Boundaries between instructions, over all calls. */
  readonly boundaries: number;
  /** Those where an interrupt is taken; at the others it waits for the next of these. */
  readonly open: number;
}

export interface LockProof {
  /** Heaps that calls were made in, for people. */
  readonly states: readonly string[];
  readonly functions: readonly InterruptedFunction[];
  /** Accesses of the heap's metadata that were made with interrupts masked; undefined where there is no lock. */
  readonly maskedAccesses?: number;
  /** States of the mask that functions were called in. */
  readonly callerStates: readonly string[];
  /** Calls that access the heap with interrupts let in, or change the mask. The first of each function. */
  readonly unmasked: readonly BrokenCall[];
  /** Calls that went wrong when an interrupt came. */
  readonly broken: readonly BrokenCall[];
  /** How many such there are in all. */
  readonly brokenBoundaries: number;
  /** Boundaries that the engine's witness tried too, with the same findings; absent where it has none. */
  readonly witnessedBoundaries?: number;
}

/** Boundaries of all calls. */
export const boundariesOf = ({ functions }: LockProof): number =>
  functions.reduce((sum, { boundaries }) => sum + boundaries, 0);

export const isSound = ({ unmasked, broken }: LockProof): boolean =>
  unmasked.length === 0 && broken.length === 0;
