/** Flags as text: what sets them, and questions to them. */
import type { BranchTest, Condition, Expression, FlagEffect } from "../../machine/semantics.js";
import type { BlockText } from "./block-text.js";
import type { Flags } from "./flag-uses.js";

const tests: Readonly<Record<Condition["test"], string>> = {
  zero: "fz === 0",
  negative: "fz < 0",
  below: "fc === 0",
  above: "fc !== 0 && fz !== 0",
  belowSigned: "(fz < 0) !== (fv !== 0)",
  aboveSigned: "fz !== 0 && (fz < 0) === (fv !== 0)",
  overflow: "fv !== 0",
};

export function flagTest(text: BlockText, { test, holds }: Condition): string {
  text.useFlags();
  return holds ? `(${tests[test]})` : `!(${tests[test]})`;
}

export function branchTest(text: BlockText, test: BranchTest): string {
  if (test.kind === "flags") return flagTest(text, test.condition);
  const [left, right] = [text.value(test.left), text.value(test.right)];
  const holds = comparison(test.kind, left, right);
  return test.holds ? holds : `!${holds}`;
}

function comparison(kind: Exclude<BranchTest["kind"], "flags">, left: string, right: string): string {
  switch (kind) {
    case "equal":
      return `(${left} === ${right})`;
    case "below":
      return `((${left} >>> 0) < (${right} >>> 0))`;
    case "belowSigned":
      return `(${left} < ${right})`;
  }
}

/** @param needed flags that are read before they are written again @param known an expression whose value is in x */
export function setFlags(text: BlockText, effect: FlagEffect, needed: Flags, known?: Expression): void {
  if (needed === 0) return;
  text.useFlags();
  const { result, compared, carry } = effect;
  const own = (): string => (known === result ? "x" : text.value(result));
  const needsCarry = (needed & 2) !== 0;
  const needsOverflow = (needed & 4) !== 0;
  if (compared !== undefined) {
    text.line(`{ const l = ${text.value(compared.left)}, r = ${text.value(compared.right)}; fz = l - r | 0;`);
    if (needsCarry) text.line("fc = (l >>> 0) >= (r >>> 0) ? 1 : 0;");
    if (needsOverflow) text.line("fv = ((l ^ r) & (l ^ fz)) >>> 31;");
    text.line("}");
  } else if (carry?.kind === "sum") {
    const before = carry.withCarry ? "fc" : "0";
    const operands = `l = ${text.value(carry.left)}, r = ${text.value(carry.right)}, c = ${before}`;
    text.line(`{ const ${operands}; fz = l + r + c | 0;`);
    if (needsCarry) text.line("fc = (l >>> 0) + (r >>> 0) + c > 4294967295 ? 1 : 0;");
    if (needsOverflow) text.line("fv = (~(l ^ r) & (l ^ fz)) >>> 31;");
    text.line("}");
  } else if (carry === undefined || !needsCarry) {
    text.line(`fz = ${own()};`);
  } else if (carry.kind === "constant") {
    text.line(`fz = ${own()}; fc = ${carry.value};`);
  } else {
    text.line(`t = A.${carry.by}Carry(${text.value(carry.of)}, ${text.value(carry.amount)}, fc);`);
    text.line(`fz = ${own()}; fc = t;`);
  }
}
