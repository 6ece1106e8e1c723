/** Two engines as one: both run everything, and a difference between them is a fault. */
import { jsEngine } from "../emulators/js/engine.js";
import { qemuEngine } from "../emulators/qemu/engine.js";
import { unicornEngine } from "../emulators/unicorn/engine.js";
import type {
  BatchResult,
  Engine,
  EngineChoice,
  Fault,
  Session,
  SessionOptions,
} from "../emulators/engine.js";
import type { Image } from "../toolchain/image.js";
import type { Target } from "../targets/target.js";
import type { HeapOperations } from "../traces/operation.js";

const engines: Readonly<Record<string, () => Engine>> = {
  js: jsEngine,
  unicorn: unicornEngine,
  qemu: qemuEngine,
};

/** The engine of that name, or several as one. @throws AllocGenError, exit code 3: what it needs is missing. */
export function openEngine(choice: EngineChoice): Engine {
  const names = choice === "both" ? ["unicorn", "qemu"] : choice.split("+");
  const [first, ...others] = names.map((name) => {
    const open = engines[name];
    if (open === undefined) throw new Error(`there is no engine ${name}`);
    return open();
  });
  if (first === undefined) throw new Error("no engine was asked for");
  return others.reduce(bothEngines, first);
}

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
      // What they count is compared.
      new PairedSession({ first, second, image, target, operations, options: { ...options, count: true } }),
  };
}

interface Pair {
  readonly first: Engine;
  readonly second: Engine;
  readonly image: Image;
  readonly target: Target;
  readonly operations: HeapOperations;
  readonly options: SessionOptions;
}

class PairedSession implements Session {
  readonly #first: Session;
  readonly #second: Session;

  constructor(private readonly pair: Pair) {
    const { image, target, operations, options } = pair;
    this.#first = pair.first.open(image, target, operations, options);
    this.#second = pair.second.open(image, target, operations, options);
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
      this.#differentFault(this.#second.reset(heapFill)) ??
      this.#differentHeap(-1)
    );
  }

  execute(from: number, to: number): BatchResult {
    const { completed, fault: faultOfFirst } = this.#first.execute(from, to);
    if (faultOfFirst !== undefined) return { completed, fault: faultOfFirst };
    const second = this.#second.execute(from, to);
    const fault =
      this.#differentOperation(from, from + second.completed) ??
      this.#differentFault(second.fault) ??
      this.#differentHeap(to - 1);
    return fault === undefined ? { completed } : { completed: Math.max(0, fault.operation - from), fault };
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

  /** The first operation of [from, to) that gave another address or took another number of instructions. */
  #differentOperation(from: number, to: number): Fault | undefined {
    for (let index = from; index < to; index += 1) {
      const address = this.#different(index, "returns", ({ results }) => hex(results[index]));
      if (address !== undefined) return address;
      const count = this.#different(
        index,
        "takes",
        ({ instructions }) => `${instructions[index]} instructions`,
      );
      if (count !== undefined) return count;
    }
    return undefined;
  }

  #different(operation: number, does: string, of: (session: Session) => string): Fault | undefined {
    const [one, other] = [of(this.#first), of(this.#second)];
    if (one === other) return undefined;
    const { first, second } = this.pair;
    const what = `operation ${operation} ${does} ${one} in ${first.name}, ${other} in ${second.name}`;
    return this.#fault(operation, what);
  }

  /** What only the second engine finds. */
  #differentFault(fault: Fault | undefined): Fault | undefined {
    if (fault === undefined) return undefined;
    const { first, second } = this.pair;
    const what = `${second.name} stops in operation ${fault.operation} (${fault.message}), ${first.name} does not`;
    return this.#fault(fault.operation, what);
  }

  /** `operation` is the last of the batch: the difference arose in it or before. */
  #differentHeap(operation: number): Fault | undefined {
    const [one, other] = [this.#first.heap, this.#second.heap];
    if (Buffer.compare(one, other) === 0) return undefined;
    const at = one.findIndex((byte, index) => byte !== other[index]);
    const { first, second } = this.pair;
    const bytes = `${one[at]} in ${first.name}, ${other[at]} in ${second.name}`;
    return this.#fault(operation, `byte ${at} of the heap is ${bytes} after operation ${operation}`);
  }

  #fault(operation: number, what: string): Fault {
    const { pc, message } = this.#parting(operation);
    return {
      cause: "engines-differ",
      operation,
      message: `${what}; ${message}`,
      ...(pc === undefined ? {} : { pc }),
    };
  }

  /** The first instruction of an operation that only one of them executes. */
  #parting(operation: number): { readonly pc?: number; readonly message: string } {
    const { first, second } = this.pair;
    if (operation < 0) return { message: "the instructions of init are not compared" };
    const [one, other] = [this.#follow(first, operation), this.#follow(second, operation)];
    const at = one.findIndex((address, index) => address !== other[index]);
    const index = at < 0 ? one.length : at;
    if (index >= one.length && index >= other.length) {
      return { message: `both execute the same ${one.length} instructions` };
    }
    const place = (list: readonly number[]): string =>
      index < list.length ? `executes ${hex(list[index])}` : "executes nothing more";
    const after =
      index === 0 ? "at the first instruction" : `after the instruction at ${hex(one[index - 1])}`;
    const pc = one[index] ?? other[index];
    return {
      message: `they diverge ${after}: ${first.name} ${place(one)}, ${second.name} ${place(other)}`,
      ...(pc === undefined ? {} : { pc }),
    };
  }

  /** Addresses that an engine executes in an operation, from fresh memory on. */
  #follow(engine: Engine, operation: number): readonly number[] {
    const { image, target, operations, options } = this.pair;
    const session = engine.open(image, target, operations, { ...options, trace: operation });
    try {
      if (session.reset() === undefined) session.execute(0, operation + 1);
      return session.executed();
    } finally {
      session.close();
    }
  }
}

const hex = (address = 0): string => `0x${address.toString(16).padStart(8, "0")}`;
