/** Expressions as JavaScript's, of signed words. */
import type { Expression } from "../../machine/semantics.js";

/** Names of what expressions read. */
export interface Names {
  readonly register: (number: number) => string;
  /** 0 or 1. */
  readonly carry: () => string;
  readonly lanes: () => string;
}

export function expressionText(expression: Expression, names: Names): string {
  const text = (part: Expression): string => expressionText(part, names);
  switch (expression.kind) {
    case "register":
      return names.register(expression.number);
    case "constant":
      return `${expression.value | 0}`;
    case "carry":
      return names.carry();
    case "lanes":
      return names.lanes();
    case "saturated": {
      const limit = 2 ** (expression.isSigned ? expression.bits - 1 : expression.bits);
      const least = expression.isSigned ? -limit : 0;
      return `Math.max(${least}, Math.min(${limit - 1}, ${text(expression.of)}))`;
    }
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
    case "below":
      return `((${text(expression.left)} >>> 0) < (${text(expression.right)} >>> 0) ? 1 : 0)`;
    case "belowSigned":
      return `(${text(expression.left)} < ${text(expression.right)} ? 1 : 0)`;
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
    case "addSaturated":
    case "subSaturated":
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
