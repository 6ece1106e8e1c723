/** Two engines' sessions of the same operations, held against each other. */
import { firstDifference } from "../../bytes.js";
import type { Fault, Session } from "../engine.js";

/** An engine's session as messages name it. */
export interface Side {
  readonly name: string;
  readonly session: Session;
  /** Addresses that it executes in an operation. */
  readonly follow: (operation: number) => readonly number[];
}

/** A figure of each operation that must be the same in both. */
export interface Compared {
  readonly of: (session: Session) => Uint32Array;
  /** "returns 0x20000010" */
  readonly verb: string;
  readonly format: (figure: number) => string;
}

/** What all engines tell. */
export const addressAndInstructions: readonly Compared[] = [
  { of: ({ results }) => results, verb: "returns", format: hex },
  { of: ({ instructions }) => instructions, verb: "takes", format: (count) => `${count} instructions` },
];

export class Comparison {
  constructor(
    private readonly first: Side,
    private readonly second: Side,
    private readonly compared: readonly Compared[] = addressAndInstructions,
  ) {}

  /** The first operation of [from, to) that they give otherwise. */
  differentOperation(from: number, to: number): Fault | undefined {
    const { first, second } = this;
    const figures = this.compared.map(({ of, ...words }) => ({
      ...words,
      one: of(first.session),
      other: of(second.session),
    }));
    for (let operation = from; operation < to; operation += 1) {
      for (const { one, other, verb, format } of figures) {
        const [says, contradicts] = [one[operation] ?? 0, other[operation] ?? 0];
        if (says === contradicts) continue;
        const each = `${format(says)} in ${first.name}, ${format(contradicts)} in ${second.name}`;
        return this.#fault(operation, `operation ${operation} ${verb} ${each}`);
      }
    }
    return undefined;
  }

  /** What only the second engine finds. */
  differentFault(fault: Fault | undefined): Fault | undefined {
    if (fault === undefined) return undefined;
    const { first, second } = this;
    const what = `${second.name} stops in operation ${fault.operation} (${fault.message}), ${first.name} does not`;
    return this.#fault(fault.operation, what);
  }

  /** @param operation the last of the batch: the difference arose in it or before; -1 behind init */
  differentHeap(operation: number): Fault | undefined {
    const [one, other] = [this.first.session.heap, this.second.session.heap];
    const at = firstDifference(one, other);
    if (at === undefined) return undefined;
    const { first, second } = this;
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
    const { first, second } = this;
    if (operation < 0) return { message: "the instructions of init are not compared" };
    const [one, other] = [first.follow(operation), second.follow(operation)];
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
}

function hex(address = 0): string {
  return `0x${address.toString(16).padStart(8, "0")}`;
}
