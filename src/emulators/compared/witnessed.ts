/** An engine whose work another one witnesses: all of a session's operations, or a share of them. */
import type { BatchResult, Engine, Fault, SessionOptions } from "../engine.js";
import type { CoreEngine } from "../core/engine.js";
import type { CoreSession, SessionState } from "../core/session.js";
import type { Image } from "../../toolchain/image.js";
import { BesideSession, type Pair } from "./beside.js";
import { addressAndInstructions, type Compared } from "./comparison.js";
import { PairedSession } from "./paired.js";
import { WitnessedSlices } from "./witnessed-slices.js";

/** Both engines are priced by one table, so that cycles are the same where the instructions are. */
const compared: readonly Compared[] = [
  ...addressAndInstructions,
  { of: ({ cycles }) => cycles, verb: "takes", format: (count) => `${count} cycles` },
  { of: ({ maskingCycles }) => maskingCycles, verb: "masks", format: (count) => `${count} cycles` },
];

/**
 * `first`, with what `witness` says of it. Of a share of the operations (`SessionOptions.witness`) the witness is given the
 * memory and registers that `first` had before a slice of them, and must come to the same end; else it runs beside from the start.
 */
export function witnessedEngine(first: CoreEngine, witness: CoreEngine): Engine {
  return {
    name: first.name,
    version: first.version,
    isCheap: first.isCheap,
    caller: first.caller,
    witness: { kind: "engine", engine: witness },
    open: (image, target, operations, options = {}) => {
      const { witness: share = { kind: "share", seed: 0 } } = options;
      switch (share.kind) {
        case "none":
          return first.open(image, target, operations, options);
        case "all":
          return new PairedSession({ first, second: witness, image, target, operations, options });
        case "share":
          return new WitnessedSession(
            { first, second: witness, image, target, operations, options },
            share.seed,
          );
      }
    },
  };
}

/**
 * Operations that are witnessed together, or not: few, for most paths are taken by few operations. In front of each, memory is
 * copied, which in a large heap takes longer than to execute some hundreds.
 */
const sliceLength = ({ heapBytes }: Image): number => (heapBytes <= 1024 * 1024 ? 128 : 1024);

class WitnessedSession extends BesideSession<CoreEngine, CoreSession> {
  readonly #slices: WitnessedSlices;
  /** Where `first` was before the slice that was executed last. */
  #before: { readonly from: number; readonly state: SessionState } | undefined;
  #witnessed = 0;

  constructor(
    private readonly pair: Pair<CoreEngine>,
    seed: number,
  ) {
    super(pair, opened(pair, pair.first), opened(pair, pair.second), compared);
    this.#slices = new WitnessedSlices(seed);
  }

  execute(from: number, to: number): BatchResult {
    const length = sliceLength(this.pair.image);
    for (let at = from; at < to; at += length) {
      const fault = this.#executeSlice(at, Math.min(at + length, to));
      if (fault !== undefined) return { completed: Math.max(0, fault.operation - from), fault };
    }
    return { completed: to - from };
  }

  witnessed(): number {
    return this.#witnessed;
  }

  #executeSlice(from: number, to: number): Fault | undefined {
    const state = this.first.save(this.#before?.state);
    this.#before = { from, state };
    const { fault } = this.first.execute(from, to);
    if (fault !== undefined) return fault;
    const isWitnessed = this.#slices.takes(this.first.paths.subarray(from, to));
    return isWitnessed ? this.#replay(state, from, to) : undefined;
  }

  #replay(state: SessionState, from: number, to: number): Fault | undefined {
    this.second.resume(state, this.first.results.subarray(0, from));
    const replayed = this.second.execute(from, to);
    this.#witnessed += replayed.completed;
    return this.difference(from, to, replayed);
  }

  /** Of the last slice. */
  protected follow(engine: CoreEngine, operation: number): readonly number[] {
    if (this.#before === undefined) return [];
    const { from, state } = this.#before;
    const session = opened(this.pair, engine, { trace: operation });
    try {
      session.resume(state, this.first.results.subarray(0, from));
      session.execute(from, operation + 1);
      return session.executed();
    } finally {
      session.close();
    }
  }
}

function opened(
  { image, target, operations, options }: Pair,
  engine: CoreEngine,
  more: SessionOptions = {},
): CoreSession {
  // Paths come with what is counted.
  return engine.open(image, target, operations, { ...options, ...more, count: true });
}
