/** Questions to values, and what a question asks in the end. */
import type { Range, Term } from "./terms.js";

/** `left` equals, or is below (as an unsigned number, or as a signed one), `right`. */
export interface Predicate {
  readonly kind: "equal" | "below" | "belowSigned";
  readonly left: Term;
  readonly right: Term;
}

/** What is asked holds where the predicate `holds`. */
export interface AskedPredicate {
  readonly predicate: Predicate;
  readonly holds: boolean;
}

const signBit = 0x80000000;

const isConstant = (term: Term, value: number): boolean => term.kind === "constant" && term.value === value;

/** What the plain question depends on. */
export interface Known {
  /** Limits of a term. */
  readonly range: (term: Term) => Range;
  readonly zero: Term;
}

/** The question without what wraps it: a core without flags asks whether the answer of a comparison is 0, or a difference. */
export function plainPredicate(predicate: Predicate, known: Known): AskedPredicate {
  const { range, zero } = known;
  const { kind, left, right } = predicate;
  switch (kind) {
    case "belowSigned": {
      const arePositive = range(left).most < signBit && range(right).most < signBit;
      // Numbers without a sign bit are in the same order either way.
      return arePositive ? plainPredicate({ kind: "below", left, right }, known) : { predicate, holds: true };
    }
    case "below":
      if (left === zero) {
        const asked = plainEquality({ kind: "equal", left: right, right: zero }, known);
        return { predicate: asked.predicate, holds: !asked.holds };
      }
      if (isConstant(right, 1)) return plainEquality({ kind: "equal", left, right: zero }, known);
      return { predicate, holds: true };
    case "equal":
      return plainEquality(predicate, known);
  }
}

function plainEquality(predicate: Predicate, known: Known): AskedPredicate {
  const { left, right } = predicate;
  if (left.kind === "constant" && right.kind !== "constant")
    return plainEquality({ kind: "equal", left: right, right: left }, known);
  const isZero = isConstant(right, 0);
  if ((left.kind === "below" || left.kind === "belowSigned") && (isZero || isConstant(right, 1))) {
    const asked = plainPredicate({ kind: left.kind, left: left.left, right: left.right }, known);
    return { predicate: asked.predicate, holds: asked.holds !== isZero };
  }
  if ((left.kind === "xor" || left.kind === "sub") && isZero)
    return plainEquality({ kind: "equal", left: left.left, right: left.right }, known);
  return { predicate, holds: true };
}
