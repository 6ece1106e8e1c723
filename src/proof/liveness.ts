/** Which registers a path may still read. What is dead need not be told apart when paths meet. */
import type { Code } from "../machine/code.js";
import type { Semantics } from "../machine/semantics.js";
import { mayLeave, registers, type Instruction, type RegisterSet } from "../machine/instruction.js";

/** Where control goes behind an instruction; `leaves`: by a return, or to where this does not tell. */
export interface Successors {
  readonly next: readonly number[];
  readonly called?: number;
  readonly leaves: boolean;
}

export function successors(instruction: Instruction, conditional: boolean): Successors {
  const after = instruction.at + instruction.size;
  const plus = (...targets: number[]): readonly number[] => (conditional ? [...targets, after] : targets);
  const { flow } = instruction;
  switch (flow.kind) {
    case "jump":
      return { next: plus(flow.target), leaves: false };
    case "branch":
      return { next: [flow.target, after], leaves: false };
    case "call":
      return { next: [after], called: flow.target, leaves: false };
    case "register":
    case "loaded":
    case "table":
    case "trap":
      return { next: plus(), leaves: true };
    case "next":
      return { next: [after], leaves: false };
  }
}

/** Live registers before each instruction that `entry` reaches. */
export class Liveness {
  /** Everything is live at a return: a caller may know what its callee keeps. */
  readonly #live = new Map<number, RegisterSet>();
  /** Nothing is live at a return, and saving a register is no use of it. */
  readonly #own = new Map<number, RegisterSet>();
  /** Every register that holds a value. */
  readonly #all: RegisterSet;

  constructor(
    private readonly code: Code,
    entry: number,
  ) {
    this.#all = code.machine.registers.values;
    const reached = this.#reach(entry);
    for (let changed = true; changed;) {
      changed = false;
      for (const at of reached) changed = this.#update(at) || changed;
    }
  }

  before(at: number): RegisterSet {
    return this.#live.get(at) ?? this.#all;
  }

  /** At the call of `called`, which returns to `after`: what either may read. */
  atCall(called: number, after: number): RegisterSet {
    const { link, stackPointer } = this.code.machine.registers;
    return (this.#own.get(called) ?? this.#all) | this.before(after) | registers(link, stackPointer);
  }

  /** Addresses reached, those that come last first. */
  #reach(entry: number): readonly number[] {
    const seen = new Set<number>();
    const waiting = [entry];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const placed = this.code.at(at);
      if (seen.has(at) || placed === undefined || !("instruction" in placed)) continue;
      seen.add(at);
      const { next, called } = successors(placed.instruction, placed.conditional);
      waiting.push(...next, ...(called === undefined ? [] : [called]));
    }
    return [...seen].sort((a, b) => b - a);
  }

  #update(at: number): boolean {
    const placed = this.code.at(at);
    if (placed === undefined || !("instruction" in placed)) return false;
    const { instruction, conditional } = placed;
    const { next, called, leaves } = successors(instruction, conditional);
    const written = conditional ? 0 : instruction.writes & this.#all;
    const compute = (sets: ReadonlyMap<number, RegisterSet>, atReturn: RegisterSet, reads: RegisterSet) => {
      let live = leaves ? atReturn : 0;
      for (const target of next) live |= sets.get(target) ?? 0;
      live &= ~written;
      if (called !== undefined) live |= this.#own.get(called) ?? 0;
      return (live | reads) & this.#all;
    };
    const live = compute(this.#live, this.#all, instruction.reads);
    const own = compute(this.#own, 0, instruction.saves ? 0 : instruction.reads);
    const changed = this.#live.get(at) !== live || this.#own.get(at) !== own;
    this.#live.set(at, live);
    this.#own.set(at, own);
    return changed;
  }
}

/** Whether flags are read before they are set anew, as far as straight code tells. */
export function flagsMatter(code: Code, at: number): boolean {
  for (let here = at; ;) {
    const placed = code.at(here);
    if (placed === undefined || !("instruction" in placed)) return false;
    const { instruction, conditional } = placed;
    const { flow } = instruction;
    if (conditional || (flow.kind === "branch" && flow.test.kind === "flags")) return true;
    if (flow.kind === "call" || flow.kind === "register") return false;
    if (mayLeave(instruction)) return true;
    if (setsFlags(code.semantics(placed))) return false;
    here += instruction.size;
  }
}

const setsFlags = (semantics: Semantics): boolean =>
  semantics.kind === "compare" || (semantics.kind === "set" && semantics.flags !== undefined);
