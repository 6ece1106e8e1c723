/** Which registers a path may still read. What is dead need not be told apart when paths meet. */
import type { Code } from "../machine/code.js";
import { LR, PC, SP, mayLeave, type Instruction, type RegisterSet } from "../machine/arm/instruction.js";
import { meaningOf } from "../machine/arm/semantics/semantics.js";

const all: RegisterSet = 0x1fff | (1 << SP) | (1 << LR);

/** Where control goes behind an instruction; `leaves`: by a return, or to where this does not tell. */
export interface Successors {
  readonly next: readonly number[];
  readonly called?: number;
  readonly leaves: boolean;
}

export function successors(instruction: Instruction, conditional: boolean): Successors {
  const after = instruction.at + instruction.size;
  const plus = (...targets: number[]): readonly number[] => (conditional ? [...targets, after] : targets);
  switch (instruction.kind) {
    case "branch":
      return { next: plus(instruction.target), leaves: false };
    case "branchConditional":
    case "compareBranch":
      return { next: [instruction.target, after], leaves: false };
    case "call":
      return { next: [after], called: instruction.target, leaves: false };
    case "branchExchange":
    case "tableBranch":
    case "trap":
      return { next: plus(), leaves: true };
    case "load":
    case "loadMultiple":
      return instruction.loadsPc ? { next: plus(), leaves: true } : { next: [after], leaves: false };
    case "alu":
    case "multiply":
    case "multiplyLong":
    case "divide":
    case "store":
    case "loadPair":
    case "storePair":
    case "storeMultiple":
    case "exclusive":
    case "it":
    case "system":
    case "nop":
    case "floatArithmetic":
    case "floatLoad":
    case "floatMove":
    case "floatStore":
      return { next: [after], leaves: false };
  }
}

/** Live registers before each instruction that `entry` reaches. */
export class Liveness {
  /** Everything is live at a return: a caller may know what its callee keeps. */
  readonly #live = new Map<number, RegisterSet>();
  /** Nothing is live at a return, and saving a register is no use of it. */
  readonly #own = new Map<number, RegisterSet>();

  constructor(
    private readonly code: Code,
    entry: number,
  ) {
    const reached = this.#reach(entry);
    for (let changed = true; changed;) {
      changed = false;
      for (const at of reached) changed = this.#update(at) || changed;
    }
  }

  before(at: number): RegisterSet {
    return this.#live.get(at) ?? all;
  }

  /** At the call of `called`, which returns to `after`: what either may read. */
  atCall(called: number, after: number): RegisterSet {
    return (this.#own.get(called) ?? all) | this.before(after) | (1 << LR) | (1 << SP);
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
    const written = conditional ? 0 : instruction.writes & ~(1 << PC);
    const isSave = instruction.kind === "storeMultiple" && instruction.base === SP;
    const compute = (sets: ReadonlyMap<number, RegisterSet>, atReturn: RegisterSet, reads: RegisterSet) => {
      let live = leaves ? atReturn : 0;
      for (const target of next) live |= sets.get(target) ?? 0;
      live &= ~written;
      if (called !== undefined) live |= this.#own.get(called) ?? 0;
      return (live | reads) & all;
    };
    const live = compute(this.#live, all, instruction.reads);
    const own = compute(this.#own, 0, isSave ? 0 : instruction.reads);
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
    if (instruction.kind === "it" || instruction.kind === "branchConditional" || conditional) return true;
    if (instruction.kind === "call" || instruction.kind === "branchExchange") return false;
    if (mayLeave(instruction)) return true;
    if (setsFlags(instruction)) return false;
    here += instruction.size;
  }
}

function setsFlags(instruction: Instruction): boolean {
  const meaning = meaningOf(instruction, false);
  return meaning.kind === "compare" || (meaning.kind === "set" && meaning.flags !== undefined);
}
