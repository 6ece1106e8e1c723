/** The words that host and driver share: layout of `targets/shared/replay.S`. */

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
} as const;

const flagInitialise = 1 << 0;
const flagCheck = 1 << 1;
const initialising = 0xffff_ffff;

/** How the driver says a replay ended. */
export type DriverStatus = "ended" | "payload-overwritten" | "outside-heap";
const statuses: readonly DriverStatus[] = ["ended", "payload-overwritten", "outside-heap"];

/** What stays the same for a session; addresses are the guest's. */
export interface ReplaySetup {
  readonly operations: number;
  readonly results: number;
  readonly initStack: number;
  readonly mallocStack: number;
  readonly freeStack: number;
  readonly heap: number;
  readonly heapBytes: number;
  readonly checkPayloads: boolean;
}

export class ControlBlock {
  readonly #words: Uint32Array;
  readonly #checkFlag: number;

  /** `memory` is the block's own, at least 48 bytes. */
  constructor(memory: Uint8Array, setup: ReplaySetup) {
    this.#words = new Uint32Array(memory.buffer, memory.byteOffset, 12);
    this.#checkFlag = setup.checkPayloads ? flagCheck : 0;
    const { operations, results, initStack, mallocStack, freeStack, heap, heapBytes } = setup;
    const values = { operations, results, initStack, mallocStack, freeStack, heap, heapBytes };
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
