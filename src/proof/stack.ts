/** The deepest stack of a function, from its code alone: what it and all that it calls push and reserve. */
import type { Code } from "../machine/code.js";
import type { Instruction, PlacedInstruction } from "../machine/instruction.js";
import type { Expression } from "../machine/semantics.js";
import { Unprovable, hex } from "./execute.js";
import { successors } from "./liveness.js";

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
        throw new Unprovable(`the instruction at ${hex(at)} is not known`);
      }
      const { instruction, conditional } = placed;
      const before = depths.get(at) ?? 0;
      const change = pushed(this.code, placed);
      const after = Math.max(before + change, conditional ? before : 0);
      const { next, called } = successors(instruction, conditional);
      if (instruction.flow.kind === "register" && instruction.flow.link) {
        throw new Unprovable(`the call at ${hex(at)} goes through a pointer`);
      }
      deepest = Math.max(deepest, before, after, called === undefined ? 0 : after + this.of(called));
      if (deepest > noLimit) throw new Unprovable(`the loop at ${hex(at)} grows the stack`);
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
function pushed(code: Code, placed: PlacedInstruction): number {
  const { instruction } = placed;
  const { stackPointer } = code.machine.registers;
  if ((instruction.writes & (1 << stackPointer)) === 0) return 0;
  const shrinks = (value: Expression): number => distance(value, stackPointer) ?? unknown(instruction);
  const semantics = code.semantics(placed);
  switch (semantics.kind) {
    case "loadMultiple":
    case "storeMultiple":
      if (semantics.base === stackPointer && !semantics.registers.includes(stackPointer))
        return -semantics.advance;
      break;
    case "load":
    case "store":
      if (semantics.writeBack?.register === stackPointer) return -shrinks(semantics.writeBack.value);
      break;
    case "set":
      return -shrinks(semantics.value);
    case "compare":
    case "exclusive":
    case "readMask":
    case "releaseReservation":
    case "setPair":
    case "table":
    case "writeMask":
    case "other":
    case "nothing":
  }
  return unknown(instruction);
}

/** Bytes that a value lies above the stack pointer; undefined where it is made of anything else. */
function distance(value: Expression, stackPointer: number): number | undefined {
  if (value.kind !== "add" && value.kind !== "sub") return undefined;
  const { left, right } = value;
  if (left.kind !== "register" || left.number !== stackPointer || right.kind !== "constant") return undefined;
  return value.kind === "add" ? right.value | 0 : -right.value;
}

function unknown(instruction: Instruction): never {
  throw new Unprovable(
    `the effect of the instruction at ${hex(instruction.at)} on the stack pointer is not known`,
  );
}
