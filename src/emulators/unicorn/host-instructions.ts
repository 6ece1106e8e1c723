/** Instructions that Unicorn's core lacks and the target's has: the host executes them when Unicorn asks what to do. */
import type { Instruction } from "../../machine/instruction.js";
import { mayLeave } from "../../machine/instruction.js";
import { pageBytes } from "../image-regions.js";
import type { Machine } from "../../machine/machine.js";
import { arithmetic } from "../js/arithmetic.js";
import { expressionText } from "../js/expression-text.js";

/** Sets a register to what an instruction computes. @param read a register, as a signed word */
type Execute = (read: (register: number) => number) => { readonly register: number; readonly word: number };

/** Reads two bytes of code; undefined: there is no memory. */
export type Halfword = (at: number) => number | undefined;

/** Memory of the guest, and where the host has it. */
export interface MappedMemory {
  readonly address: number;
  readonly host: Uint8Array;
}

/** Two bytes of memory, little-endian; undefined: there is none. */
export function halfwordAt(memory: readonly MappedMemory[], at: number): number | undefined {
  const found = memory.find(({ address, host }) => at >= address && at + 2 <= address + host.length);
  if (found === undefined) return undefined;
  const index = at - found.address;
  return (found.host[index] ?? 0) | ((found.host[index + 1] ?? 0) << 8);
}

export class HostInstructions {
  /** By encoding: none depends on where it stands. Undefined: it is none of the host's. */
  readonly #known = new Map<number, Execute | undefined>();

  constructor(
    private readonly machine: Machine,
    private readonly isMissing: (instruction: Instruction) => boolean,
    private readonly halfword: Halfword,
  ) {}

  /** What the instruction at an address does; undefined: it is undefined on the core too. */
  at(address: number): Execute | undefined {
    const instruction = this.#instructionAt(address);
    if (instruction === undefined || !this.isMissing(instruction)) return undefined;
    const { encoding } = instruction;
    if (!this.#known.has(encoding)) this.#known.set(encoding, executeOf(this.machine, instruction));
    return this.#known.get(encoding);
  }

  /**
   * Where code in a range may be entered, as far as it tells, and where Unicorn begins blocks of its own: behind what the host
   * executes and behind what masks interrupts, and at the start of a page.
   */
  leaders(begin: number, end: number): readonly number[] {
    const found = new Set<number>([begin]);
    const inside = (at: number): void => {
      if (at >= begin && at <= end) found.add(at);
    };
    let at = begin;
    while (at <= end) {
      const instruction = this.#instructionAt(at);
      const next = at + (instruction?.size ?? 2);
      if (instruction === undefined || mayLeave(instruction) || this.isMissing(instruction)) inside(next);
      if (instruction?.mask !== undefined || Math.floor(at / pageBytes) !== Math.floor(next / pageBytes))
        inside(next);
      const flow = instruction?.flow;
      if (flow !== undefined && "target" in flow) inside(flow.target);
      at = next;
    }
    return [...found].sort((left, right) => left - right);
  }

  /** Bytes from an address to the next of the leaders, or to behind what leaves. */
  blockBytes(address: number, leaders: ReadonlySet<number>): number {
    let at = address;
    for (;;) {
      const instruction = this.#instructionAt(at);
      at += instruction?.size ?? 2;
      if (instruction === undefined || mayLeave(instruction) || leaders.has(at)) return at - address;
    }
  }

  #instructionAt(address: number): Instruction | undefined {
    const halfword = (at: number): number => this.halfword(at) ?? 0;
    if (this.halfword(address) === undefined) return undefined;
    for (const [, placed] of this.machine.placed({ start: address, end: address + 4 }, halfword))
      return "instruction" in placed ? placed.instruction : undefined;
    return undefined;
  }
}

function executeOf(machine: Machine, instruction: Instruction): Execute | undefined {
  const semantics = machine.semantics(instruction, false);
  if (semantics.kind === "nothing") return () => ({ register: machine.registers.programCounter, word: 0 });
  if (semantics.kind !== "set") return undefined;
  const text = expressionText(semantics.value, {
    register: (number) => `read(${number})`,
    carry: () => "0",
    lanes: () => "0",
  });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const compute = new Function("A", "read", `"use strict"; return ${text};`) as (
    ...parts: readonly unknown[]
  ) => number;
  const { register } = semantics;
  return (read) => ({ register, word: compute(arithmetic, read) });
}
