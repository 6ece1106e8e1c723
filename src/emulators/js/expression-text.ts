/** Expressions as JavaScript's, of signed words. */
import type { Expression } from "../../machine/semantics.js";

/** @param register names of a register's value @param carry the carry's, 0 or 1 */
export function expressionText(
  expression: Expression,
  register: (number: number) => string,
  carry: () => string,
): string {
  const text = (part: Expression): string => expressionText(part, register, carry);
  switch (expression.kind) {
    case "register":
      return register(expression.number);
    case "constant":
      return `${expression.value | 0}`;
    case "carry":
      return carry();
    case "leadingZeros":
      return `Math.clz32(${text(expression.of)})`;
    case "reversed":
      return `A.${expression.order}(${text(expression.of)})`;
    case "add":
      return `(${text(expression.left)} + ${text(expression.right)} | 0)`;
    case "sub":
      return `(${text(expression.left)} - ${text(expression.right)} | 0)`;
    case "and":
      return `(${text(expression.left)} & ${text(expression.right)})`;
    case "or":
      return `(${text(expression.left)} | ${text(expression.right)})`;
    case "xor":
      return `(${text(expression.left)} ^ ${text(expression.right)})`;
    case "mul":
      return `Math.imul(${text(expression.left)}, ${text(expression.right)})`;
    case "shl":
    case "shr":
    case "sar":
    case "rotate":
      return shiftText(expression.kind, text(expression.left), expression.right, text(expression.right));
    case "divide":
    case "divideSigned":
    case "highProduct":
    case "highProductSigned":
      return `A.${expression.kind}(${text(expression.left)}, ${text(expression.right)})`;
  }
}

function shiftText(
  kind: "shl" | "shr" | "sar" | "rotate",
  of: string,
  right: Expression,
  amount: string,
): string {
  if (right.kind !== "constant" || right.value > 31) return `A.${kind}(${of}, ${amount})`;
  switch (kind) {
    case "shl":
      return `(${of} << ${right.value})`;
    case "shr":
      return `(${of} >>> ${right.value} | 0)`;
    case "sar":
      return `(${of} >> ${right.value})`;
    case "rotate":
      return `A.rotate(${of}, ${amount})`;
  }
}
