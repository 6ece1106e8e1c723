/** Pieces of C: numbers, masks and shifts as text. */

export const unsigned = (value: number): string => `${value}U`;
export const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}U`;

/** `expression` shifted left by `by` bits, right when it is negative. */
export function shifted(expression: string, by: number): string {
  if (by === 0) return expression;
  return by > 0 ? `(${expression} << ${by}U)` : `(${expression} >> ${-by}U)`;
}

export const cType = (bytes: 1 | 2 | 4): string => `uint${8 * bytes}_t`;

/** The bits of a field, in place. */
export function maskOf(field: { readonly shift: number; readonly bits: number }): number {
  return (2 ** field.bits - 1) * 2 ** field.shift;
}

/** A value narrowed to a storage unit; 32-bit values need no cast. */
export function narrowed(expression: string, bytes: 1 | 2 | 4): string {
  return bytes === 4 ? expression : `(${cType(bytes)})(${expression})`;
}

/** Pads `text` to `width` columns. */
export const column = (text: string, width: number): string => text.padEnd(width);
