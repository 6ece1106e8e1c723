/**
 * What a loop counts from a known number is another number each time round, so that no path would ever come back to
 * where it was. In loops whose rounds are limited by what the C says of them, such numbers are forgotten.
 */
import type { KnownState } from "./known-state.js";
import type { Term } from "./terms.js";

export interface CodeFacts {
  /** Whether a place lies in a loop whose rounds are limited. */
  isLimited(at: number): boolean;
  /** Whether a number is a pointer to an instruction: control may go back by it, so it stays known. */
  isCode(value: number): boolean;
}

export class Widening {
  /** The first number met by place and by register or offset on the stack; undefined once there was another. */
  readonly #first = new Map<string, number | undefined>();

  constructor(private readonly facts: CodeFacts) {}

  /** A path came to `at`: what has another number than the first path had is forgotten. */
  apply(state: KnownState, at: number): void {
    if (!this.facts.isLimited(at)) return;
    state.registers = state.registers.map((term, number) =>
      number === state.programCounter ? term : this.#widened(state, term, `${at} register ${number}`),
    );
    state.stack = new Map(
      [...state.stack].map(([offset, term]) => [offset, this.#widened(state, term, `${at} ${offset}`)]),
    );
  }

  #widened(state: KnownState, term: Term, slot: string): Term {
    if (term.kind !== "constant" || this.facts.isCode(term.value)) return term;
    if (!this.#first.has(slot)) this.#first.set(slot, term.value);
    if (this.#first.get(slot) === term.value) return term;
    this.#first.set(slot, undefined);
    return state.terms.leaf();
  }
}
