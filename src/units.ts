/**
 * Branded numbers: a quantity keeps its unit through the type checker and costs nothing at run time. They mark what one
 * stage hands to the next: the config, the plan, an image, figures. Within a stage numbers are plain, and their comments
 * tell the unit.
 */
declare const unit: unique symbol;
type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

/** A size in bytes, 0 or more. */
export type Bytes = Quantity<"bytes">;
/** A distance in bytes from the first byte of the heap. */
export type Offset = Quantity<"offset">;
/** An address on the target, 0 to 2^32 - 1. */
export type Address = Quantity<"address">;
/** Modelled processor cycles. */
export type Cycles = Quantity<"cycles">;

export const bytes = (value: number): Bytes => value as Bytes;
export const offset = (value: number): Offset => value as Offset;
export const address = (value: number): Address => value as Address;
export const cycles = (value: number): Cycles => value as Cycles;

/** Bytes of a number in memory. */
export type UnitBytes = 1 | 2 | 4;

/** `value` rounded up to a multiple of `multiple` (a positive integer). */
export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Bits needed to store every integer from 0 to `largest`; at least 1. */
export function bitsFor(largest: number): number {
  return Math.max(1, Math.floor(Math.log2(largest)) + 1);
}

/** 1, 2, 4 and so on; 0 is none. */
export const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));
