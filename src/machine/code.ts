/** A program's code, decoded once from end to end: what stands at each address, and what IT blocks cover. */
import { decode, isWide } from "./arm/decode/decoder.js";
import type { UnknownInstruction } from "./arm/decode/decoder.js";
import { always } from "./arm/instruction.js";
import type { Condition, Instruction } from "./arm/instruction.js";
import type { AddressRange } from "./arm/mapping-symbols.js";

/** A stretch of memory with its contents. */
export interface CodeBytes {
  readonly address: number;
  readonly data: Uint8Array;
}

/** An instruction in its place. */
export interface PlacedInstruction {
  readonly instruction: Instruction;
  /** An IT block covers it, so it may be skipped. */
  readonly conditional: boolean;
  /** What that block asks for; always where none covers it. A conditional branch's own stands with the branch. */
  readonly condition: Condition;
}

type Placed = PlacedInstruction | UnknownInstruction;

/** A stretch of code that was entered at its start. */
export interface Block {
  readonly address: number;
  /** The address after it: where control goes when its last instruction does not branch. */
  readonly end: number;
  readonly instructions: readonly PlacedInstruction[];
}

export class Code {
  readonly #placed = new Map<number, Placed>();

  /** Decodes every instruction of `ranges`; each range must lie inside one of `memory`. */
  constructor(memory: readonly CodeBytes[], ranges: readonly AddressRange[]) {
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
    let covering: readonly Condition[] = [];
    let at = range.start;
    while (at + 2 <= range.end) {
      const first = halfword(at);
      const found = isWide(first) ? this.#wide(at, first, range, halfword) : decode(at, first, 0);
      const [condition = always, ...others] = covering;
      const conditional = covering.length > 0;
      this.#placed.set(at, found.kind === "unknown" ? found : { instruction: found, conditional, condition });
      covering = found.kind === "it" ? found.conditions : others;
      at += found.size;
    }
  }

  /** A 32-bit instruction that the range's end cuts in two is none. */
  #wide(
    at: number,
    first: number,
    range: AddressRange,
    halfword: (at: number) => number,
  ): Instruction | UnknownInstruction {
    if (at + 4 > range.end) return { kind: "unknown", at, size: 4, encoding: (first << 16) >>> 0 };
    return decode(at, first, halfword(at + 2));
  }
}
