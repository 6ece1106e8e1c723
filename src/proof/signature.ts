/** Two paths that know the same of everything that is still read go on alike: their signature is the same text. */
import type { RegisterSet } from "../machine/instruction.js";
import type { KnownState } from "./known-state.js";
import type { Term } from "./terms.js";

/**
 * Forgets what no longer matters: registers that are not live, and how a value was computed where no other value shares
 * a part of it. @param dead stands for all dead registers. @param keeps terms that are compared with by identity.
 */
export function simplify(state: KnownState, live: RegisterSet, dead: Term, keeps: readonly Term[]): void {
  for (const number of state.registers.keys()) {
    if (number !== state.programCounter && (live & (1 << number)) === 0) state.registers[number] = dead;
  }
  replaceSeparate(state, [...keeps, dead]);
}

/** Every value that is not one number becomes unknown; which values are equal is forgotten too. */
export function forgetAllButConstants(state: KnownState, keeps: readonly Term[]): void {
  const unknown = (term: Term): Term =>
    term.kind === "constant" || isKept(term, keeps) ? term : state.terms.leaf();
  state.registers = state.registers.map(unknown);
  state.stack = new Map([...state.stack].map(([offset, term]) => [offset, unknown(term)]));
  state.setFlags(undefined);
  state.limits.clear();
  state.facts.clear();
}

/** A kept term, or one at a fixed distance from it: an address on the stack. */
const isKept = (term: Term, keeps: readonly Term[]): boolean =>
  keeps.includes(term) ||
  (term.kind === "add" && term.right.kind === "constant" && keeps.includes(term.left));

function roots(state: KnownState): Set<Term> {
  const { flags } = state;
  const found = new Set<Term>([...state.registers, ...state.stack.values()]);
  if (flags !== undefined) {
    found.add(flags.result);
    if (flags.compared !== undefined) found.add(flags.compared.left).add(flags.compared.right);
  }
  return found;
}

function operands(term: Term): readonly Term[] {
  if (term.kind === "constant" || term.kind === "leaf") return [];
  return term.kind === "leadingZeros" ? [term.of] : [term.left, term.right];
}

function collectLeaves(term: Term, into: Set<Term>): void {
  if (term.kind === "leaf") into.add(term);
  for (const operand of operands(term)) collectLeaves(operand, into);
}

function replaceSeparate(state: KnownState, keeps: readonly Term[]): void {
  const all = roots(state);
  const users = new Map<Term, number>();
  const leavesOf = new Map<Term, Set<Term>>();
  for (const root of all) {
    const leaves = new Set<Term>();
    collectLeaves(root, leaves);
    leavesOf.set(root, leaves);
    for (const leaf of leaves) users.set(leaf, (users.get(leaf) ?? 0) + 1);
  }
  const inFacts = new Set(
    [...state.facts.values()].flatMap(({ predicate }) => [predicate.left, predicate.right]),
  );
  const replacement = new Map<Term, Term>();
  for (const [root, leaves] of leavesOf) {
    const isPlain = root.kind === "constant" || root.kind === "leaf" || isKept(root, keeps);
    if (isPlain || inFacts.has(root)) continue;
    if ([...leaves].every((leaf) => users.get(leaf) === 1))
      replacement.set(root, state.terms.leaf(state.range(root)));
  }
  if (replacement.size > 0) replaceAll(state, replacement);
}

function replaceAll(state: KnownState, replacement: ReadonlyMap<Term, Term>): void {
  const by = (term: Term): Term => replacement.get(term) ?? term;
  state.registers = state.registers.map(by);
  state.stack = new Map([...state.stack].map(([offset, term]) => [offset, by(term)]));
  const { flags } = state;
  if (flags === undefined) return;
  const { result, compared } = flags;
  state.setFlags({
    result: by(result),
    ...(compared === undefined ? {} : { compared: { left: by(compared.left), right: by(compared.right) } }),
  });
}

/** What is known, as text; terms are numbered in the order they are met. */
export function describe(state: KnownState): string {
  const numbers = new Map<Term, number>();
  const parts: string[] = [];
  const visit = (term: Term): number | string => {
    if (term.kind === "constant") return `c${term.value}`;
    const known = numbers.get(term);
    if (known !== undefined) return known;
    const inner = operands(term).map(visit);
    const number = numbers.size;
    numbers.set(term, number);
    const limit = term.kind === "leaf" ? state.range(term) : state.limits.get(term);
    const limits = limit === undefined ? "" : `[${limit.least},${limit.most},${limit.bits}]`;
    parts.push(`${term.kind}(${inner.join()})${limits}`);
    return number;
  };
  const registers = state.registers.map(visit).join();
  const stack = [...state.stack]
    .sort(([a], [b]) => a - b)
    .map(([offset, term]) => `${offset}:${visit(term)}`);
  const { flags } = state;
  const flagText =
    flags === undefined
      ? ""
      : `${visit(flags.result)}?${flags.compared === undefined ? "" : `${visit(flags.compared.left)},${visit(flags.compared.right)}`}`;
  const facts: string[] = [];
  for (const [key, { predicate, holds }] of state.facts) {
    const [left, right] = [predicate.left, predicate.right];
    const isVisible = (term: Term) => term.kind === "constant" || numbers.has(term);
    if (isVisible(left) && isVisible(right))
      facts.push(`${predicate.kind} ${visit(left)} ${visit(right)} ${holds}`);
    else state.facts.delete(key);
  }
  for (const term of [...state.limits.keys()]) if (!numbers.has(term)) state.limits.delete(term);
  return `${registers}|${stack.join()}|${flagText}|${facts.sort().join()}|${parts.join(";")}`;
}
