/** What instructions compute, in terms of the registers before them: what a proof follows, and an engine executes. */

/** "below" and "belowSigned" are 1 where the left side is less than the right, else 0: of unsigned numbers, of signed ones. */
export type BinaryOperation =
  "add" | "sub" | "and" | "or" | "xor" | "shl" | "shr" | "sar" | "mul" | "below" | "belowSigned";

/**
 * What a proof knows no limits of, or hardly any: rotation to the right, quotients (0 of a division by 0), the high word of a
 * product of 64 bits, and signed sums and differences that stay at the limit they would pass. As with shifts, the lowest byte of a rotation's right side counts.
 */
export type OpaqueOperation =
  | "rotate"
  | "divide"
  | "divideSigned"
  | "highProduct"
  | "highProductSigned"
  | "addSaturated"
  | "subSaturated";

/** The order of a word's bits; of its bytes; of the bytes in each half; of those in the low half, which is then extended. */
export type Reversal = "bits" | "bytes" | "halves" | "lowHalf";

/** A value of 32 bits, in terms of registers as they stand before the instruction. */
export type Expression =
  | { readonly kind: "register"; readonly number: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "leadingZeros"; readonly of: Expression }
  /** 0 or 1. */
  | { readonly kind: "carry" }
  /** 255 in each byte whose part of the last operation that told so had a carry, or was not negative; else 0. */
  | { readonly kind: "lanes" }
  /** A signed number, or the limit of so many bits that it lies beyond; `isSigned` is about the limits. `bits` 0 to 32. */
  | {
      readonly kind: "saturated";
      readonly of: Expression;
      readonly bits: number;
      readonly isSigned: boolean;
    }
  | { readonly kind: "reversed"; readonly order: Reversal; readonly of: Expression }
  | {
      readonly kind: BinaryOperation | OpaqueOperation;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Shift = "shl" | "shr" | "sar" | "rotate";

/**
 * C and V where nothing was compared: of a sum, with the carry before or without; C alone, the last bit that a shift moved
 * out (as before where it moved none), or a constant.
 */
export type CarryEffect =
  | {
      readonly kind: "sum";
      readonly left: Expression;
      readonly right: Expression;
      readonly withCarry: boolean;
    }
  | { readonly kind: "shift"; readonly by: Shift; readonly of: Expression; readonly amount: Expression }
  | { readonly kind: "constant"; readonly value: 0 | 1 };

/** N and Z are those of `result`; C and V those of the difference of `compared`, or as `carry` says, or as before. */
export interface FlagEffect {
  readonly result: Expression;
  readonly compared?: { readonly left: Expression; readonly right: Expression };
  readonly carry?: CarryEffect;
}

/**
 * A question to the flags, and the answer asked for. "zero" and "negative" are about the result; "below" and "above"
 * about what was compared, the left against the right, as unsigned numbers or as signed ones.
 */
export interface Condition {
  readonly test: "zero" | "negative" | "below" | "above" | "belowSigned" | "aboveSigned" | "overflow";
  readonly holds: boolean;
}

/** What a branch depends on: the flags, or a comparison of its own. */
export type BranchTest =
  | { readonly kind: "flags"; readonly condition: Condition }
  | {
      readonly kind: "equal" | "below" | "belowSigned";
      readonly left: Expression;
      readonly right: Expression;
      readonly holds: boolean;
    };

/** What an instruction does to registers, flags and memory, as far as a path's course may depend on it. */
export type Semantics =
  | {
      readonly kind: "set";
      readonly register: number;
      readonly value: Expression;
      readonly flags?: FlagEffect;
      /** What `lanes` is from then on; undefined: as before. */
      readonly lanes?: Expression;
    }
  | { readonly kind: "compare"; readonly flags: FlagEffect }
  | {
      readonly kind: "load" | "store";
      readonly register: number;
      readonly address: Expression;
      readonly bytes: 1 | 2 | 4;
      /** Whether what was loaded is extended by its sign. */
      readonly isSigned?: boolean;
      /** What is stored, where that is in no register. */
      readonly stored?: Expression;
      /** The base register's new value. */
      readonly writeBack?: { readonly register: number; readonly value: Expression };
    }
  | {
      readonly kind: "loadMultiple" | "storeMultiple";
      readonly base: number;
      /** Address that stands for the base: of a literal. */
      readonly fixed?: number;
      /** From the lowest address up. */
      readonly registers: readonly number[];
      /** Bytes from the base to the lowest address. */
      readonly offset: number;
      /** Bytes added to the base; 0: none. */
      readonly advance: number;
    }
  /**
   * A load that reserves the core's one reservation, or a store that needs it and gives it up: `status` is 0 where it
   * stored, else 1.
   */
  | {
      readonly kind: "exclusive";
      readonly register: number;
      readonly address: Expression;
      readonly bytes: 1 | 2 | 4;
      /** Undefined: a load. */
      readonly status?: number;
      /** What is stored, where that is in no register. */
      readonly stored?: Expression;
    }
  /** Gives up the reservation. */
  | { readonly kind: "releaseReservation" }
  /** Two registers at once. */
  | {
      readonly kind: "setPair";
      readonly low: { readonly register: number; readonly value: Expression };
      readonly high: { readonly register: number; readonly value: Expression };
    }
  /** @see InterruptFacts.registers for the masks' numbers */
  | { readonly kind: "readMask"; readonly register: number; readonly mask: number }
  | {
      readonly kind: "writeMask";
      readonly mask: number;
      /** Of it the bits that the mask has. */
      readonly value: Expression;
      readonly bits: number;
      /** Whether it is written only where that masks more. */
      readonly raises?: boolean;
      /** The bits of the value are set or cleared, the others stay; undefined: it is written as it is. */
      readonly how?: "sets" | "clears";
      /** Register that receives the mask as it was; undefined: none. */
      readonly old?: number;
    }
  /** Reads an entry of a table behind a branch: twice that many bytes behind the next instruction it goes on. */
  | { readonly kind: "table"; readonly address: Expression; readonly bytes: 1 | 2 }
  /** Flags as well as the registers it writes are unknown afterwards. */
  | { readonly kind: "other" }
  /** Changes neither registers nor flags. */
  | { readonly kind: "nothing" };

export const register = (number: number): Expression => ({ kind: "register", number });
export const constant = (value: number): Expression => ({ kind: "constant", value: value >>> 0 });
export const binary = (
  kind: BinaryOperation | OpaqueOperation,
  left: Expression,
  right: Expression,
): Expression => ({
  kind,
  left,
  right,
});

export const carry: Expression = { kind: "carry" };
export const lanes: Expression = { kind: "lanes" };

/** Every bit the other way. */
export const inverted = (of: Expression): Expression => binary("xor", of, constant(0xffffffff));

/** The lowest `bits` of a value, extended by their sign. */
export const signExtended = (of: Expression, bits: number): Expression =>
  binary("sar", binary("shl", of, constant(32 - bits)), constant(32 - bits));

/** The flags of a sum. */
export const sum = (left: Expression, right: Expression, withCarry = false): FlagEffect => {
  const plain = binary("add", left, right);
  const result = withCarry ? binary("add", plain, carry) : plain;
  return { result, carry: { kind: "sum", left, right, withCarry } };
};

/** The flags of a shift. */
export const shifted = (by: Shift, of: Expression, amount: Expression): FlagEffect => ({
  result: binary(by, of, amount),
  carry: { kind: "shift", by, of, amount },
});

/** The flags of a subtraction. */
export const difference = (left: Expression, right: Expression): FlagEffect => ({
  result: binary("sub", left, right),
  compared: { left, right },
});
