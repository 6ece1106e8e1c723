/** The deepest stack of a function, from its code alone: what it and all that it calls push and reserve. */
import type { Code } from "../machine/code.js";
import { SP, type Instruction } from "../machine/arm/instruction.js";
import { Unprovable, hex } from "./execute.js";
import { successors } from "./liveness.js";
import { meaningOf } from "../machine/arm/semantics/semantics.js";

/** Deeper than any stack of a small core: a loop that pushes. */
const noLimit = 1 << 18;

/** Bytes below the stack pointer at entry. @throws Unprovable for recursion, and a stack pointer that is computed. */
export function deepestStack(entry: number, code: Code): number {
  return new Stacks(code).of(entry);
}

class Stacks {
  readonly #known = new Map<number, number | "open">();

  constructor(private readonly code: Code) {}

  of(entry: number): number {
    const known = this.#known.get(entry);
    if (known === "open") throw new Unprovable(`the function at ${hex(entry)} calls itself`);
    if (known !== undefined) return known;
    this.#known.set(entry, "open");
    const deepest = this.#walk(entry);
    this.#known.set(entry, deepest);
    return deepest;
  }

  /** Depths only grow while walking: of two ways to an instruction the deeper one counts. */
  #walk(entry: number): number {
    const depths = new Map<number, number>([[entry, 0]]);
    const waiting = [entry];
    let deepest = 0;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const placed = this.code.at(at);
      if (placed === undefined || !("instruction" in placed)) {
        throw new Unprovable(`no instruction is known at ${hex(at)}`);
      }
      const { instruction, conditional } = placed;
      const before = depths.get(at) ?? 0;
      const change = pushed(instruction);
      const after = Math.max(before + change, conditional ? before : 0);
      const { next, called } = successors(instruction, conditional);
      if (instruction.kind === "branchExchange" && instruction.link) {
        throw new Unprovable(`the call at ${hex(at)} goes through a pointer`);
      }
      deepest = Math.max(deepest, before, after, called === undefined ? 0 : after + this.of(called));
      if (deepest > noLimit) throw new Unprovable(`the loop at ${hex(at)} pushes`);
      for (const to of next) {
        if ((depths.get(to) ?? -1) >= after) continue;
        depths.set(to, after);
        waiting.push(to);
      }
    }
    return deepest;
  }
}

/** Bytes by which the stack grows; negative where it shrinks. */
function pushed(instruction: Instruction): number {
  if ((instruction.writes & (1 << SP)) === 0) return 0;
  const meaning = meaningOf(instruction, false);
  switch (meaning.kind) {
    case "loadMultiple":
    case "storeMultiple":
      if (meaning.base === SP && !meaning.registers.includes(SP)) return -meaning.advance;
      break;
    case "load":
    case "store":
      if (meaning.writeBack?.register === SP) return -distance(meaning.writeBack.value, instruction);
      break;
    case "set":
      return -distance(meaning.value, instruction);
    case "compare":
    case "other":
    case "nothing":
  }
  return unknown(instruction);
}

function distance(
  value: Extract<ReturnType<typeof meaningOf>, { kind: "set" }>["value"],
  instruction: Instruction,
): number {
  if (value.kind !== "add" && value.kind !== "sub") return unknown(instruction);
  const { left, right } = value;
  if (left.kind !== "register" || left.number !== SP || right.kind !== "constant")
    return unknown(instruction);
  return value.kind === "add" ? right.value | 0 : -right.value;
}

function unknown(instruction: Instruction): never {
  throw new Unprovable(
    `what the instruction at ${hex(instruction.at)} does to the stack pointer is not known`,
  );
}
