/** A program's code, decoded once from end to end: what stands at each address. */
import type { AddressRange, Placed, PlacedInstruction, UnknownInstruction } from "./instruction.js";
import type { Machine } from "./machine.js";
import type { Semantics } from "./semantics.js";

/** A stretch of memory with its contents. */
export interface CodeBytes {
  readonly address: number;
  readonly data: Uint8Array;
}

/** A stretch of code that was entered at its start. */
export interface Block {
  readonly address: number;
  /** The address after it: where control goes when its last instruction does not branch. */
  readonly end: number;
  readonly instructions: readonly PlacedInstruction[];
}

export class Code {
  readonly #placed = new Map<number, Placed>();
  readonly #semantics = new Map<number, Semantics>();

  /**
   * Decodes every instruction of `ranges`.
   * @throws Error where a range does not lie inside one of `memory`
   */
  constructor(
    readonly machine: Machine,
    memory: readonly CodeBytes[],
    ranges: readonly AddressRange[],
  ) {
    for (const range of ranges) {
      const holder = memory.find(
        ({ address, data }) => range.start >= address && range.end <= address + data.length,
      );
      if (holder === undefined) throw new Error(`no bytes for the code at ${range.start.toString(16)}`);
      this.#decodeRange(holder, range);
    }
  }

  /** What begins at the address: an instruction, an encoding not known, or nothing. */
  at(address: number): Placed | undefined {
    return this.#placed.get(address);
  }

  /** Every known instruction, in the order of the ranges. */
  *instructions(): Generator<PlacedInstruction> {
    for (const placed of this.#placed.values()) {
      if ("instruction" in placed) yield placed;
    }
  }

  /** What an instruction of this code computes. */
  semantics({ instruction, conditional }: PlacedInstruction): Semantics {
    const known = this.#semantics.get(instruction.at);
    if (known !== undefined) return known;
    const found = this.machine.semantics(instruction, conditional);
    this.#semantics.set(instruction.at, found);
    return found;
  }

  /** The instructions of [start, end); or the first place where there is none that is known. */
  block(
    start: number,
    end: number,
  ): Block | UnknownInstruction | { readonly kind: "nothing"; readonly at: number } {
    const instructions: PlacedInstruction[] = [];
    let at = start;
    while (at < end) {
      const placed = this.#placed.get(at);
      if (placed === undefined) return { kind: "nothing", at };
      if (!("instruction" in placed)) return placed;
      instructions.push(placed);
      at += placed.instruction.size;
    }
    return { address: start, end: at, instructions };
  }

  #decodeRange({ address, data }: CodeBytes, range: AddressRange): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const halfword = (at: number): number => view.getUint16(at - address, true);
    for (const [at, placed] of this.machine.placed(range, halfword)) this.#placed.set(at, placed);
  }
}
