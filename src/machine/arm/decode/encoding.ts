/** A table of encodings: the first row whose fixed bits match says what the instruction is. */
import type { Architecture, InstructionFacts, Operation, RegisterSet } from "../instruction.js";

/** What a row finds out; `since` and `baseline` only where they differ from the row's. */
export type Effects = Operation &
  Partial<Omit<InstructionFacts, "machine" | "at" | "size" | "encoding" | "flow" | "saves" | "mask">>;

export interface EncodingRow {
  /** Bits that are fixed, and their values. */
  readonly mask: number;
  readonly value: number;
  readonly since: Architecture;
  readonly baseline: boolean;
  /** Undefined: an encoding of this row's space that is not known. */
  readonly effects: (encoding: number, address: number) => Effects | undefined;
}

/**
 * A row from the manual's notation: "010000 1101 mmm ddd"; 0 and 1 are fixed, any other letter is free, blanks group.
 * Throws where the pattern has not `bits` places.
 */
export function row(
  bits: 16 | 32,
  pattern: string,
  since: Architecture,
  effects: EncodingRow["effects"],
): EncodingRow {
  const places = pattern.replaceAll(" ", "");
  if (places.length !== bits) throw new Error(`pattern "${pattern}" has ${places.length} places`);
  const mask = parseInt(places.replaceAll(/[01]/g, "f").replaceAll(/[^f]/g, "0").replaceAll("f", "1"), 2);
  const value = parseInt(places.replaceAll(/[^01]/g, "0"), 2);
  return { mask, value, since, baseline: since === "ARMv6-M", effects };
}

/** The row, in the Baseline of ARMv8-M too: what ARMv6-M has is there anyway. */
export const onBaseline = (later: EncodingRow): EncodingRow => ({ ...later, baseline: true });

/** Bits [low, low + count) of an encoding. */
export const field = (encoding: number, low: number, count: number): number =>
  (encoding >>> low) & ((1 << count) - 1);

/** `value` of `bits` bits as a two's complement number. */
export const signed = (value: number, bits: number): number => (value << (32 - bits)) >> (32 - bits);

/** How many registers a set has. */
export function countRegisters(set: RegisterSet): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Rows in their order, found by the eight highest bits of an encoding of `bits`. */
export class EncodingTable {
  readonly #rows: readonly (readonly EncodingRow[])[];

  constructor(
    rows: readonly EncodingRow[],
    private readonly bits: 16 | 32,
  ) {
    const shift = bits - 8;
    this.#rows = Array.from({ length: 256 }, (_, high) =>
      rows.filter(({ mask, value }) => (high & (mask >>> shift)) === value >>> shift),
    );
  }

  /** What the first row that matches says; undefined where none does, or where it does not know. */
  lookUp(
    encoding: number,
    address: number,
  ): (Effects & Pick<InstructionFacts, "since" | "baseline">) | undefined {
    for (const candidate of this.#rows[encoding >>> (this.bits - 8)] ?? []) {
      if ((encoding & candidate.mask) >>> 0 !== candidate.value) continue;
      const effects = candidate.effects(encoding, address);
      if (effects === undefined) return undefined;
      const { since, baseline } = candidate;
      return { since, baseline, ...effects };
    }
    return undefined;
  }
}
