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
  if (bytes === 4) return expression;
  return /^\w+$/.test(expression)
    ? `(${cType(bytes)})${expression}`
    : `(${cType(bytes)})(${unwrapped(expression)})`;
}

/** A `#define`, and what its comment says; "" for none. */
export interface Constant {
  readonly name: string;
  readonly value: string;
  readonly comment: string;
}

/** A `_Static_assert`: what must hold, and the sentence that is told when it does not. */
export interface StaticAssert {
  readonly condition: string;
  readonly sentence: string;
}

/** The lines of some constants, in columns. */
export function defines(constants: readonly Constant[]): string[] {
  const name = Math.max(...constants.map((constant) => constant.name.length));
  const value = Math.max(...constants.map((constant) => constant.value.length)) + 2;
  return constants.map((constant) => {
    const comment = constant.comment === "" ? "" : ` /* ${constant.comment} */`;
    return `#define ${constant.name.padEnd(name)} ${`(${constant.value})`.padEnd(value)}${comment}`.trimEnd();
  });
}

/** An expression that stands alone needs no parentheses around it. */
export function unwrapped(expression: string): string {
  if (!expression.startsWith("(") || !expression.endsWith(")")) return expression;
  let depth = 0;
  for (const [index, character] of Array.from(expression).entries()) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth === 0) return index === expression.length - 1 ? expression.slice(1, -1) : expression;
  }
  return expression;
}
