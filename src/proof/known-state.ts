/** Registers, stack and flags on one path, with what the path's own branches say of their values. */
import type { Condition, Expression } from "../machine/semantics.js";
import { plainPredicate, type Known, type Predicate } from "./predicate.js";
import {
  intersect,
  makeRange,
  operationRange,
  leadingZerosRange,
  type Range,
  type Term,
  type Terms,
} from "./terms.js";

export interface Flags {
  readonly result: Term;
  readonly compared?: { readonly left: Term; readonly right: Term };
}

const signBit = 0x80000000;

export class KnownState {
  registers: Term[];
  /** Words by their distance from the stack pointer at entry: negative multiples of 4. */
  stack: Map<number, Term>;
  /** Undefined: nothing is known. */
  #flags: Flags | undefined;
  /** Answers given for the flags as they are, by test. */
  #decided = new Map<Condition["test"], boolean>();
  readonly limits: Map<Term, Range>;
  readonly #known: Known;
  readonly facts: Map<string, { readonly predicate: Predicate; readonly holds: boolean }>;

  constructor(
    readonly terms: Terms,
    registers: readonly Term[],
    /** Number of the register that says where control is: it is live everywhere. */
    readonly programCounter: number,
    from?: KnownState,
  ) {
    this.registers = [...registers];
    this.#known = { range: (term) => this.range(term), zero: terms.constant(0) };
    this.stack = new Map(from?.stack);
    this.#flags = from?.flags;
    this.#decided = new Map(from === undefined ? [] : from.#decided);
    this.limits = new Map(from?.limits);
    this.facts = new Map(from?.facts);
  }

  copy(): KnownState {
    return new KnownState(this.terms, this.registers, this.programCounter, this);
  }

  get flags(): Flags | undefined {
    return this.#flags;
  }

  setFlags(flags: Flags | undefined): void {
    this.#flags = flags;
    this.#decided = new Map();
  }

  register(number: number): Term {
    const term = this.registers[number];
    if (term === undefined) throw new Error(`there is no register ${number}`);
    return term;
  }

  evaluate(expression: Expression): Term {
    const { terms } = this;
    if (expression.kind === "register") return this.register(expression.number);
    if (expression.kind === "constant") return terms.constant(expression.value);
    const operand = (part: Expression): Term => this.#constantIfKnown(this.evaluate(part));
    switch (expression.kind) {
      case "leadingZeros":
        return terms.leadingZeros(operand(expression.of));
      case "carry":
        return terms.leaf(makeRange(0, 1));
      case "saturated":
        return terms.leaf(expression.isSigned ? undefined : makeRange(0, 2 ** expression.bits - 1));
      case "lanes":
      case "addSaturated":
      case "subSaturated":
      case "reversed":
      case "rotate":
      case "divide":
      case "divideSigned":
      case "highProduct":
      case "highProductSigned":
        return terms.leaf();
      case "add":
      case "sub":
      case "and":
      case "or":
      case "xor":
      case "mul":
      case "below":
      case "belowSigned":
      case "shl":
      case "shr":
      case "sar":
        return terms.operation(expression.kind, operand(expression.left), operand(expression.right));
    }
  }

  /** A term whose limits leave one value is that value: loops with a fixed count end by it. */
  #constantIfKnown(term: Term): Term {
    if (term.kind === "constant") return term;
    const { least, most } = this.range(term);
    return least === most ? this.terms.constant(least) : term;
  }

  range(term: Term): Range {
    const own = this.#computedRange(term);
    const limit = this.limits.get(term);
    // Limits that contradict each other belong to a path that cannot be: any answer is right there.
    return limit === undefined ? own : (intersect(own, limit) ?? own);
  }

  #computedRange(term: Term): Range {
    if (term.kind === "constant" || term.kind === "leaf") return term.range;
    if (term.kind === "leadingZeros") return leadingZerosRange(this.range(term.of));
    const { kind, left, right } = term;
    const noBorrow = kind === "sub" && this.test({ kind: "below", left, right }) === false;
    const computed = operationRange(kind, this.range(left), this.range(right), noBorrow);
    return intersect(term.range, computed) ?? computed;
  }

  /** Whether the predicate holds; undefined where both may be. */
  test(predicate: Predicate): boolean | undefined {
    const asked = plainPredicate(predicate, this.#known);
    const answer = this.#testPlain(asked.predicate);
    return answer === undefined ? undefined : answer === asked.holds;
  }

  #testPlain({ kind, left, right }: Predicate): boolean | undefined {
    if (left === right) return kind === "equal";
    const fact = this.#fact(kind, left, right);
    if (fact !== undefined) return fact;
    if (kind === "belowSigned") return undefined;
    const [l, r] = [this.range(left), this.range(right)];
    if (kind === "below") return l.most < r.least ? true : l.least >= r.most ? false : undefined;
    if (l.most < r.least || r.most < l.least) return false;
    if (l.least === l.most) return r.least === r.most ? true : excludes(r, l.least);
    return r.least === r.most ? excludes(l, r.least) : undefined;
  }

  #fact(kind: Predicate["kind"], left: Term, right: Term): boolean | undefined {
    const known = (what: Predicate["kind"], a: Term, b: Term) => this.facts.get(keyOf(what, a, b))?.holds;
    const own = known(kind, left, right);
    if (own !== undefined || kind === "belowSigned") return own;
    if (kind === "equal") {
      return known("below", left, right) === true || known("below", right, left) === true ? false : undefined;
    }
    return known("below", right, left) === true || known("equal", left, right) === true ? false : undefined;
  }

  /** The path goes on where the predicate holds, or where it does not. False: there is no such path. */
  assume(predicate: Predicate, holds: boolean): boolean {
    const asked = plainPredicate(predicate, this.#known);
    return this.#assumePlain(asked.predicate, holds === asked.holds);
  }

  #assumePlain(predicate: Predicate, holds: boolean): boolean {
    const known = this.#testPlain(predicate);
    if (known !== undefined) return known === holds;
    const { kind, left, right } = predicate;
    this.facts.set(keyOf(kind, left, right), { predicate, holds });
    if (kind === "belowSigned") return true;
    const [l, r] = [this.range(left), this.range(right)];
    if (kind === "equal") {
      if (holds) return this.refine(left, r) && this.refine(right, l);
      return this.#exclude(left, r) && this.#exclude(right, l);
    }
    return holds
      ? this.#limit(left, 0, r.most - 1) && this.#limit(right, l.least + 1, signBit * 2 - 1)
      : this.#limit(left, r.least, signBit * 2 - 1) && this.#limit(right, 0, l.most);
  }

  #limit(term: Term, least: number, most: number): boolean {
    const range = makeRange(least, most);
    return range !== undefined && this.refine(term, range);
  }

  /** Takes a single value off an end of the limits. */
  #exclude(term: Term, value: Range): boolean {
    if (value.least !== value.most) return true;
    const { least, most } = this.range(term);
    if (least === value.least) return this.#limit(term, least + 1, most);
    return most === value.least ? this.#limit(term, least, most - 1) : true;
  }

  /** The term lies within `range` too. False: it cannot. */
  refine(term: Term, range: Range): boolean {
    const before = this.range(term);
    const after = intersect(before, range);
    if (after === undefined) return false;
    if (after.least === before.least && after.most === before.most && after.bits === before.bits) return true;
    this.limits.set(term, after);
    return this.#refineOperand(term, after);
  }

  /** What a result's limits say of the operand it was made of. */
  #refineOperand(term: Term, { least, most }: Range): boolean {
    if (term.kind === "constant" || term.kind === "leaf" || term.kind === "leadingZeros") return true;
    const { kind, left, right } = term;
    if (right.kind !== "constant") return true;
    const operand = this.range(left);
    const by = right.value;
    switch (kind) {
      case "add": {
        const low = (least - by) >>> 0;
        const high = (most - by) >>> 0;
        return low <= high ? this.#limit(left, low, high) : true;
      }
      case "shr":
        return by > 31 ? true : this.#limit(left, least * 2 ** by, (most + 1) * 2 ** by - 1);
      case "shl":
        if (by > 31 || operand.most * 2 ** by >= 2 ** 32) return true;
        return this.#limit(left, Math.ceil(least / 2 ** by), Math.floor(most / 2 ** by));
      case "and":
        return this.#limit(left, least, Math.min(signBit * 2 - 1, most + ((operand.bits & ~by) >>> 0)));
      case "sub":
      case "or":
      case "xor":
      case "sar":
      case "mul":
      case "below":
      case "belowSigned":
        return true;
    }
  }

  /** Whether the condition holds; undefined where both may be. */
  testCondition({ test, holds }: Condition): boolean | undefined {
    const decided = this.#decided.get(test);
    if (decided !== undefined) return decided === holds;
    const found = this.#predicate(test);
    if (found === undefined) return undefined;
    const answer = this.test(found.predicate);
    return answer === undefined ? undefined : (answer === found.holds) === holds;
  }

  /** False: the condition cannot be so. */
  assumeCondition({ test, holds }: Condition, isSo: boolean): boolean {
    const found = this.#predicate(test);
    const answer = holds === isSo;
    if (found !== undefined && !this.assume(found.predicate, answer === found.holds)) return false;
    this.#decided.set(test, answer);
    return true;
  }

  /** The test's answer is yes where the predicate `holds`. Undefined: it depends on flags that are not known. */
  #predicate(
    test: Condition["test"],
  ): { readonly predicate: Predicate; readonly holds: boolean } | undefined {
    const flags = this.#flags;
    if (flags === undefined) return undefined;
    const { result, compared } = flags;
    const is = (kind: Predicate["kind"], left: Term, right: Term, holds = true) => ({
      predicate: { kind, left, right },
      holds,
    });
    if (test === "zero") {
      return compared === undefined
        ? is("equal", result, this.terms.constant(0))
        : is("equal", compared.left, compared.right);
    }
    if (test === "negative") return is("below", result, this.terms.constant(signBit), false);
    if (compared === undefined) return undefined;
    const { left, right } = compared;
    const isPositive = this.range(left).most < signBit && this.range(right).most < signBit;
    switch (test) {
      case "below":
        return is("below", left, right);
      case "above":
        return is("below", right, left);
      // Numbers without a sign bit are in the same order either way.
      case "belowSigned":
        return isPositive ? is("below", left, right) : undefined;
      case "aboveSigned":
        return isPositive ? is("below", right, left) : undefined;
      case "overflow":
        return undefined;
    }
  }
}

/** False where the value has a bit that is never set; undefined where it may be. */
const excludes = ({ bits }: Range, value: number): false | undefined =>
  (value & ~bits) !== 0 ? false : undefined;

function keyOf(kind: Predicate["kind"], left: Term, right: Term): string {
  const [a, b] = kind === "equal" && left.id > right.id ? [right.id, left.id] : [left.id, right.id];
  return `${kind} ${a} ${b}`;
}
