/** A session beside which another one runs: what it gives is the first's, and a difference between the two is a fault. */
import type { BatchResult, BranchWays, Engine, Fault, Session, SessionOptions } from "../engine.js";
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import type { ByFunction, HeapOperations } from "../../traces/operation.js";
import { Comparison, type Compared } from "./comparison.js";

/** What both are opened with. */
export interface Pair<Of extends Engine = Engine> {
  readonly first: Of;
  readonly second: Of;
  readonly image: Image;
  readonly target: Target;
  readonly operations: HeapOperations;
  readonly options: SessionOptions;
}

export abstract class BesideSession<Of extends Engine, Opened extends Session> implements Session {
  readonly #comparison: Comparison;

  constructor(
    engines: Pick<Pair<Of>, "first" | "second">,
    protected readonly first: Opened,
    protected readonly second: Opened,
    compared?: readonly Compared[],
  ) {
    const side = (engine: Of, session: Opened) => ({
      name: engine.name,
      session,
      follow: (operation: number) => this.follow(engine, operation),
    });
    this.#comparison = new Comparison(side(engines.first, first), side(engines.second, second), compared);
  }

  abstract execute(from: number, to: number): BatchResult;
  abstract witnessed(): number;
  /** Addresses that an engine executes in an operation. */
  protected abstract follow(engine: Of, operation: number): readonly number[];

  /** How the second differs that executed [from, to) behind the first. */
  protected difference(from: number, to: number, { completed, fault }: BatchResult): Fault | undefined {
    return (
      this.#comparison.differentOperation(from, from + completed) ??
      this.#comparison.differentFault(fault) ??
      this.#comparison.differentHeap(to - 1)
    );
  }

  reset(heapFill?: number): Fault | undefined {
    return (
      this.first.reset(heapFill) ??
      this.#comparison.differentFault(this.second.reset(heapFill)) ??
      this.#comparison.differentHeap(-1)
    );
  }

  get results(): Uint32Array {
    return this.first.results;
  }

  get maskingCycles(): Uint32Array {
    return this.first.maskingCycles;
  }

  get instructions(): Uint32Array {
    return this.first.instructions;
  }

  get cycles(): Uint32Array {
    return this.first.cycles;
  }

  get heap(): Uint8Array {
    return this.first.heap;
  }

  executed(): readonly number[] {
    return this.first.executed();
  }

  stackBytes(): ByFunction<number> {
    return this.first.stackBytes();
  }

  coverage(): ReadonlyMap<number, BranchWays> {
    return this.first.coverage();
  }

  close(): void {
    this.first.close();
    this.second.close();
  }
}
