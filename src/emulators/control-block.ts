/** The words that host and driver share: layout of `targets/<machine>/replay.S`. */
import { operationNames } from "../traces/operation.js";

/** Index of each word. */
const word = {
  flags: 0,
  operations: 1,
  results: 2,
  next: 3,
  end: 4,
  initStack: 5,
  mallocStack: 6,
  freeStack: 7,
  heap: 8,
  heapBytes: 9,
  status: 10,
  detail: 11,
  callocStack: 16,
  reallocStack: 17,
  alignedAllocStack: 18,
} as const;

/** Bytes of the block; a host may use what follows. */
export const controlBlockBytes = 96;

const flagInitialise = 1 << 0;
const flagCheck = 1 << 1;
const initialising = 0xffff_ffff;

/** How the driver says a replay ended. */
export type DriverStatus = "ended" | "payload-overwritten" | "outside-heap" | "not-zero";
const statuses: readonly DriverStatus[] = ["ended", "payload-overwritten", "outside-heap", "not-zero"];

/** Functions that have a stack of their own. */
export const stackNames = ["init", ...operationNames] as const;
export type StackName = (typeof stackNames)[number];

/** The first stack pointers of stacks of `bytes` each. */
export const stackTops = (
  stacks: Readonly<Record<StackName, number>>,
  bytes: number,
): Readonly<Record<StackName, number>> =>
  Object.fromEntries(stackNames.map((name) => [name, stacks[name] + bytes])) as Record<StackName, number>;

/** What stays the same for a session; addresses are the guest's. */
export interface ReplaySetup {
  readonly operations: number;
  readonly results: number;
  /** First stack pointer of each function. */
  readonly stacks: Readonly<Record<StackName, number>>;
  readonly heap: number;
  readonly heapBytes: number;
  readonly checkPayloads: boolean;
}

export class ControlBlock {
  readonly #words: Uint32Array;
  readonly #checkFlag: number;

  /** `memory` is the block's own, at least `controlBlockBytes`. */
  constructor(memory: Uint8Array, setup: ReplaySetup) {
    this.#words = new Uint32Array(memory.buffer, memory.byteOffset, controlBlockBytes / 4);
    this.#checkFlag = setup.checkPayloads ? flagCheck : 0;
    const { operations, results, stacks, heap, heapBytes } = setup;
    const values = {
      ...{ operations, results, heap, heapBytes },
      ...{ initStack: stacks.init, mallocStack: stacks.malloc, freeStack: stacks.free },
      ...{ callocStack: stacks.calloc, reallocStack: stacks.realloc, alignedAllocStack: stacks.alignedAlloc },
    };
    for (const [name, value] of Object.entries(values))
      this.#words[word[name as keyof typeof values]] = value;
  }

  /** Make the driver call init and stop. */
  askInit(): void {
    this.#ask(this.#checkFlag | flagInitialise, 0, 0);
  }

  /** Make the driver execute operations [from, to). */
  askOperations(from: number, to: number): void {
    this.#ask(this.#checkFlag, from, to);
  }

  /** The operation that runs or comes next; -1 during init. */
  get next(): number {
    const next = this.#words[word.next] ?? 0;
    return next === initialising ? -1 : next;
  }

  get status(): DriverStatus | undefined {
    return statuses[this.#words[word.status] ?? 0];
  }

  /** Address that `status` is about. */
  get detail(): number {
    return this.#words[word.detail] ?? 0;
  }

  #ask(flags: number, next: number, end: number): void {
    this.#words[word.flags] = flags;
    this.#words[word.next] = next;
    this.#words[word.end] = end;
    this.#words[word.status] = 0;
  }
}
