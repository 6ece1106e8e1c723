/** Two engines as one: both run everything, and a difference between them is a fault. */
import type { BatchResult, Engine, Session } from "../engine.js";
import { BesideSession, type Pair } from "./beside.js";

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

export class PairedSession extends BesideSession<Engine, Session> {
  /** Operations that both executed. */
  #compared = 0;

  constructor(private readonly pair: Pair) {
    const { image, target, operations } = pair;
    // What they count is compared.
    const options = { ...pair.options, count: true };
    const open = (engine: Engine): Session => engine.open(image, target, operations, options);
    super(pair, open(pair.first), open(pair.second));
  }

  execute(from: number, to: number): BatchResult {
    const { completed, fault: faultOfFirst } = this.first.execute(from, to);
    if (faultOfFirst !== undefined) return { completed, fault: faultOfFirst };
    const second = this.second.execute(from, to);
    this.#compared += second.completed;
    const fault = this.difference(from, to, second);
    return fault === undefined ? { completed } : { completed: Math.max(0, fault.operation - from), fault };
  }

  witnessed(): number {
    return this.#compared;
  }

  /** From fresh memory on. */
  protected follow(engine: Engine, operation: number): readonly number[] {
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
