/** What a header field is: everything that is to be said of one, in one record. */
import type { FieldConfig } from "./field-config.js";
import type { FieldInDump } from "./field-in-dump.js";

/**
 * What a field's number is. It decides the width: a flag has one bit; "granules" as many as the largest block takes;
 * "bytes" as many as a request of the whole heap takes; "bits" as many as the config says.
 */
export type FieldContent = "flag" | "granules" | "bytes" | "bits";

/**
 * When a field is written.
 *
 * - "with-block": whenever the block becomes free or used, or another size
 * - "with-left": whenever the left neighbour does
 * - "on-allocation": when the block is handed out; its bits mean nothing in a free block
 * - "with-any": after every change of another field, from all of them
 * - "never"
 */
export type FieldWriting = "with-block" | "with-left" | "on-allocation" | "with-any" | "never";

/** A field where it stands. */
export interface FieldPlacement {
  readonly field: HeaderField;
  /** Position of the lowest bit in the storage unit. */
  readonly shift: number;
  readonly bits: number;
  /** What the field's constant is, of one that has a constant. */
  readonly value?: number;
}

/** What the reference knows of a block, when it says what its header must hold. */
export interface BlockFacts {
  /** Offset of the header, in bytes. */
  readonly start: number;
  /** In granules, header included. */
  readonly granules: number;
  readonly free: boolean;
  /** Nobody has the block, but it waits in a quick list and counts as one in use. */
  readonly waits: boolean;
  /** Bytes asked for. */
  readonly requestBytes: number;
  /** The caller's value. */
  readonly tag: number;
  /** The left neighbour, where there is one; its size in granules. */
  readonly left: { readonly granules: number; readonly free: boolean } | undefined;
}

/** Pieces of C about one field, made from its place. Expressions speak of a `const header_t *block`. */
export interface FieldTexts {
  /** Name of the storage unit's member. */
  readonly member: string;
  /** The field's bits in place, as a constant. */
  readonly mask: string;
  /** The largest number that fits the field. */
  readonly most: string;
  /** The field's constant; "" where it has none. */
  readonly value: string;
  /** The number; without parentheses around it. */
  readonly read: string;
  /** The number, masked in place before it is shifted. */
  readonly readMasked: string;
  /** Of a field that counts granules: the bytes. */
  readonly readBytes: string;
  /** Of a field that counts granules: whether it has bits that no size in bytes has. */
  readonly isWide: boolean;
  /** Of a field that counts granules: whether it holds a size in bytes, or another; without parentheses around it. */
  readonly comparedWith: (operator: "==" | "!=", size: string) => string;
  /** Of a field that counts granules: the unit's value with `size` bytes in the field. */
  readonly writeBytes: string;
  /** Of a flag: the unit's value with the flag set. */
  readonly set: string;
  /** Of a flag: the unit's value with the flag cleared. */
  readonly cleared: string;
}

/** A constant of the C, and what the C asserts of it. */
export interface FieldConstant {
  readonly name: string;
  readonly value: string;
  readonly asserts: readonly { readonly condition: string; readonly sentence: string }[];
}

/** A field in the generated C. */
export interface FieldInC {
  /** Behind the bits, in the comment of the member that holds the field. */
  readonly comment: string;
  /** Of a flag: the constant that is its bit. */
  readonly flag?: string;
  /**
   * What is written "on-allocation": an expression of `block`, `request` (bytes requested) and, where the header has a
   * tag, `tag`. `masked`: it may have more bits than the field.
   */
  readonly value?: { readonly text: string; readonly masked: boolean };
  /** What must hold of a block in use before free trusts its header. */
  readonly intact?: (texts: FieldTexts) => string;
  /**
   * What check holds the field against. In a block behind `left`, whatever it is, with its `size`; in a free block, or in
   * one in use.
   */
  readonly sound?: {
    readonly of: "left" | "free" | "used";
    /** Undefined: any number is sound. */
    readonly condition: (texts: FieldTexts) => string | undefined;
  };
  readonly constants?: (texts: FieldTexts) => readonly FieldConstant[];
  /** The largest number written, behind the heap's prefix, and what is wrong where the field does not hold it. */
  readonly largest?: { readonly constant: string; readonly sentence: string };
  /** Members of the templates' view `header`; undefined: the header has no such field. */
  readonly view?: (texts: FieldTexts | undefined) => Readonly<Record<string, string | boolean>>;
  /**
   * C functions that exist only where the header has the field: a call whose result nobody needs is left out where no
   * field provides the function.
   */
  readonly hooks: readonly string[];
}

/**
 * One field of the header's palette. Records are compared by identity. What the C writes and what the reference expects
 * stand beside each other and are two statements: neither is made from the other.
 */
export interface HeaderField {
  /** In drawings, messages, dumps and the plan's JSON. */
  readonly name: string;
  readonly holds: FieldContent;
  readonly written: FieldWriting;
  /** How the config asks for it; without it only a policy does. */
  readonly config?: FieldConfig;
  /** Fields that must stand in a header that has this one. */
  readonly requires?: readonly HeaderField[];
  /** The constant of a field of some bits, from the config's value where it has one. */
  readonly constant?: (bits: number, value: number | undefined) => number;
  /** Who finds a wrong one: free, before it trusts the header, and check; or check alone. */
  readonly verifiedBy?: "free" | "check";
  /** In the drawing of the header. */
  readonly meaning: string;
  readonly c: FieldInC;
  /** What the reference expects the field to hold, as far as it fits; `constant` is the placement's value. */
  readonly expected: (block: BlockFacts, constant: number) => number;
  readonly dump?: FieldInDump;
  /** The name. */
  toJSON(): string;
}

/** A record, which the plan's JSON shows by its name. */
export const defineField = (record: Omit<HeaderField, "toJSON">): HeaderField => ({
  ...record,
  toJSON: () => record.name,
});

/** Whether a field is written when a block is handed out: it says nothing of a free one. */
export const isLabel = ({ written }: HeaderField): boolean => written === "on-allocation";

/** Whether a checksum covers the field. */
export const isCovered = ({ written }: HeaderField): boolean => written !== "with-any" && written !== "never";

/** A read that stands beside other operators. */
export const inParentheses = (expression: string): string =>
  expression.includes(" & ") ? `(${expression})` : expression;
