/** A header's layout as data, as the generated module has it. */
import type { Field } from "../../layout/decode/numbers.js";

/** Fields by their names. Sizes are in granules. */
export interface HeaderFields extends Readonly<Record<string, Field>> {
  readonly size: Field;
}

export interface HeaderData {
  readonly bytes: number;
  readonly fields: HeaderFields;
  /** What field `magic` of a block in use holds. */
  readonly magic?: number;
  /**
   * Field `checksum`: the bits of `parts`, and in blocks in use those of `inUse`, joined by exclusive or; pieces of
   * `bits` bits of that, from the lowest up, likewise, and with them `ofZeros`.
   */
  readonly checksum?: {
    readonly bits: number;
    readonly ofZeros: number;
    readonly parts: readonly Field[];
    readonly inUse: readonly Field[];
  };
}
