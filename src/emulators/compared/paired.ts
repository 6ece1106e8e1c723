/** Two engines as one: both run everything, and a difference between them is a fault. */
import type { BatchResult, Engine, Fault, Session, SessionOptions } from "../engine.js";
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import type { HeapOperations } from "../../traces/operation.js";
import { Comparison, type Side } from "./comparison.js";

/**
 * Runs `first`, then `second`, batch by batch, and holds what they give against each other: the address and the
 * instructions of each operation, and every byte of the heap at the end of each batch. Figures are those of `first`; so
 * is a fault that it finds, for the C is then wrong in any case.
 */
export function bothEngines(first: Engine, second: Engine): Engine {
  return {
    name: `${first.name} ${first.version} and ${second.name}`,
    version: second.version,
    isCheap: first.isCheap && second.isCheap,
    ...(first.caller === undefined ? {} : { caller: first.caller }),
    open: (image, target, operations, options = {}) =>
      new PairedSession({ first, second, image, target, operations, options }),
  };
}

export interface Pair {
  readonly first: Engine;
  readonly second: Engine;
  readonly image: Image;
  readonly target: Target;
  readonly operations: HeapOperations;
  readonly options: SessionOptions;
}

export class PairedSession implements Session {
  readonly #first: Session;
  readonly #second: Session;
  readonly #comparison: Comparison;
  /** Operations that both executed. */
  #compared = 0;

  constructor(private readonly pair: Pair) {
    const { image, target, operations } = pair;
    // What they count is compared.
    const options = { ...pair.options, count: true };
    this.#first = pair.first.open(image, target, operations, options);
    this.#second = pair.second.open(image, target, operations, options);
    this.#comparison = new Comparison(
      this.#side(pair.first, this.#first),
      this.#side(pair.second, this.#second),
    );
  }

  get results(): Uint32Array {
    return this.#first.results;
  }

  get maskingCycles(): Uint32Array {
    return this.#first.maskingCycles;
  }

  get instructions(): Uint32Array {
    return this.#first.instructions;
  }

  get cycles(): Uint32Array {
    return this.#first.cycles;
  }

  get heap(): Uint8Array {
    return this.#first.heap;
  }

  reset(heapFill?: number): Fault | undefined {
    return (
      this.#first.reset(heapFill) ??
      this.#comparison.differentFault(this.#second.reset(heapFill)) ??
      this.#comparison.differentHeap(-1)
    );
  }

  execute(from: number, to: number): BatchResult {
    const { completed, fault: faultOfFirst } = this.#first.execute(from, to);
    if (faultOfFirst !== undefined) return { completed, fault: faultOfFirst };
    const second = this.#second.execute(from, to);
    this.#compared += second.completed;
    const fault =
      this.#comparison.differentOperation(from, from + second.completed) ??
      this.#comparison.differentFault(second.fault) ??
      this.#comparison.differentHeap(to - 1);
    return fault === undefined ? { completed } : { completed: Math.max(0, fault.operation - from), fault };
  }

  witnessed(): number {
    return this.#compared;
  }

  executed(): readonly number[] {
    return this.#first.executed();
  }

  stackBytes(): { readonly malloc: number; readonly free: number } {
    return this.#first.stackBytes();
  }

  coverage(): ReadonlyMap<number, number> {
    return this.#first.coverage();
  }

  close(): void {
    this.#first.close();
    this.#second.close();
  }

  #side(engine: Engine, session: Session): Side {
    return {
      name: engine.name,
      session: () => session,
      follow: (operation) => this.#follow(engine, operation),
    };
  }

  /** Addresses that an engine executes in an operation, from fresh memory on. */
  #follow(engine: Engine, operation: number): readonly number[] {
    const { image, target, operations, options } = this.pair;
    const session = engine.open(image, target, operations, { ...options, count: true, trace: operation });
    try {
      if (session.reset() === undefined) session.execute(0, operation + 1);
      return session.executed();
    } finally {
      session.close();
    }
  }
}
