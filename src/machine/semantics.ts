/** What instructions compute, in terms of the registers before them: what a proof follows. */

export type BinaryOperation = "add" | "sub" | "and" | "or" | "xor" | "shl" | "shr" | "sar" | "mul";

/** A value of 32 bits, in terms of registers as they stand before the instruction. */
export type Expression =
  | { readonly kind: "register"; readonly number: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "leadingZeros"; readonly of: Expression }
  | {
      readonly kind: BinaryOperation;
      readonly left: Expression;
      readonly right: Expression;
    };

/** N and Z are those of `result`; C and V only where the result is the difference of `compared`. */
export interface FlagEffect {
  readonly result: Expression;
  readonly compared?: { readonly left: Expression; readonly right: Expression };
}

/**
 * A question to the flags, and the answer asked for. "zero" and "negative" are about the result; "below" and "above"
 * about what was compared, the left against the right, as unsigned numbers or as signed ones.
 */
export interface Condition {
  readonly test: "zero" | "negative" | "below" | "above" | "belowSigned" | "aboveSigned" | "overflow";
  readonly holds: boolean;
}

/** What a branch depends on: the flags, or a comparison of its own, of unsigned numbers. */
export type BranchTest =
  | { readonly kind: "flags"; readonly condition: Condition }
  | {
      readonly kind: "equal" | "below";
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
    }
  | { readonly kind: "compare"; readonly flags: FlagEffect }
  | {
      readonly kind: "load" | "store";
      readonly register: number;
      readonly address: Expression;
      readonly bytes: 1 | 2 | 4;
      /** The base register's new value. */
      readonly writeBack?: { readonly register: number; readonly value: Expression };
    }
  | {
      readonly kind: "loadMultiple" | "storeMultiple";
      readonly base: number;
      /** From the lowest address up. */
      readonly registers: readonly number[];
      /** Bytes from the base to the lowest address. */
      readonly offset: number;
      /** Bytes added to the base; 0: none. */
      readonly advance: number;
    }
  /** Flags as well as the registers it writes are unknown afterwards. */
  | { readonly kind: "other" }
  /** Changes neither registers nor flags. */
  | { readonly kind: "nothing" };

export const register = (number: number): Expression => ({ kind: "register", number });
export const constant = (value: number): Expression => ({ kind: "constant", value: value >>> 0 });
export const binary = (kind: BinaryOperation, left: Expression, right: Expression): Expression => ({
  kind,
  left,
  right,
});

/** The flags of a subtraction. */
export const difference = (left: Expression, right: Expression): FlagEffect => ({
  result: binary("sub", left, right),
  compared: { left, right },
});
