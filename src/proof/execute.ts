/** One instruction's effect on what is known. */
import { registers, type Instruction, type RegisterSet } from "../machine/instruction.js";
import type { Registers } from "../machine/machine.js";
import type { FlagEffect, Semantics } from "../machine/semantics.js";
import type { KnownState } from "./known-state.js";
import { anything, makeRange, type Range, type Term } from "./terms.js";

/** Why nothing can be proven: a sentence for people. */
export class Unprovable extends Error {}

/** What execution must know of the program. */
export interface MachineContext {
  readonly registers: Registers;
  /** Value of the stack pointer at entry. */
  readonly stackPointer: Term;
  /** Bytes that never change, as a little-endian number. Undefined: not such memory. */
  constantAt(address: number, bytes: number): number | undefined;
  /** What a number in memory that changes never exceeds. Undefined: nothing is known. */
  limitAt(address: number, bytes: number): number | undefined;
}

/** Distance from the stack pointer at entry; undefined for any other address. */
function stackOffset(term: Term, stackPointer: Term): number | undefined {
  if (term === stackPointer) return 0;
  if (term.kind !== "add" || term.left !== stackPointer || term.right.kind !== "constant") return undefined;
  return term.right.value | 0;
}

/** An instruction executes that does not branch. */
export function execute(
  state: KnownState,
  instruction: Instruction,
  semantics: Semantics,
  context: MachineContext,
): void {
  const { stackPointer, values } = context.registers;
  switch (semantics.kind) {
    case "nothing":
    case "table":
      return;
    case "set": {
      const value = state.evaluate(semantics.value);
      if (semantics.flags !== undefined) setFlags(state, semantics.flags);
      state.registers[semantics.register] = value;
      break;
    }
    case "compare":
      setFlags(state, semantics.flags);
      return;
    case "load":
    case "store":
      transfer(state, semantics, context);
      break;
    case "loadMultiple":
    case "storeMultiple":
      transferMultiple(state, semantics, context);
      break;
    case "releaseReservation":
    case "exclusive":
    case "setPair":
    case "readMask":
    case "writeMask":
    case "other":
      if ((instruction.writes & (registers(stackPointer) | ~values)) !== 0) {
        throw new Unprovable(
          `the effect of the instruction at ${hex(instruction.at)} on the stack pointer is not known`,
        );
      }
      forget(state, instruction.writes);
      state.setFlags(undefined);
      return;
  }
  if ((instruction.writes & registers(stackPointer)) !== 0) dropBelowStack(state, instruction, context);
}

export const hex = (address: number): string => `0x${address.toString(16)}`;

function setFlags(state: KnownState, { result, compared }: FlagEffect): void {
  state.setFlags({
    result: state.evaluate(result),
    ...(compared === undefined
      ? {}
      : { compared: { left: state.evaluate(compared.left), right: state.evaluate(compared.right) } }),
  });
}

/** The registers of the set hold nobody knows what. */
function forget(state: KnownState, set: RegisterSet): void {
  for (const number of state.registers.keys()) {
    if ((set & (1 << number)) !== 0) state.registers[number] = state.terms.leaf();
  }
}

function transfer(
  state: KnownState,
  semantics: Extract<Semantics, { readonly kind: "load" | "store" }>,
  context: MachineContext,
): void {
  const { kind, register, bytes, writeBack } = semantics;
  const address = state.evaluate(semantics.address);
  const moved = writeBack === undefined ? undefined : state.evaluate(writeBack.value);
  const loaded = (): Term =>
    semantics.isSigned === true ? state.terms.leaf() : loadFrom(state, address, bytes, context);
  const storedValue = (): Term =>
    semantics.stored === undefined ? state.register(register) : state.evaluate(semantics.stored);
  const value = kind === "load" ? loaded() : storedValue();
  if (kind === "store") storeTo(state, address, bytes, value, context);
  if (writeBack !== undefined && moved !== undefined) state.registers[writeBack.register] = moved;
  if (kind === "load") state.registers[register] = value;
}

function transferMultiple(
  state: KnownState,
  {
    kind,
    base,
    fixed,
    registers,
    offset,
    advance,
  }: Extract<Semantics, { readonly kind: "loadMultiple" | "storeMultiple" }>,
  context: MachineContext,
): void {
  const { terms } = state;
  const from = fixed === undefined ? state.register(base) : terms.constant(fixed);
  const values = registers.map((register) => state.register(register));
  if (advance !== 0) state.registers[base] = terms.operation("add", from, terms.constant(advance));
  for (const [index, register] of registers.entries()) {
    const address = terms.operation("add", from, terms.constant(offset + 4 * index));
    const value = values[index];
    if (kind === "loadMultiple") {
      state.registers[register] = loadFrom(state, address, 4, context);
    } else if (value !== undefined) {
      storeTo(state, address, 4, value, context);
    }
  }
}

function loadFrom(state: KnownState, address: Term, bytes: 1 | 2 | 4, context: MachineContext): Term {
  const { terms } = state;
  const offset = stackOffset(address, context.stackPointer);
  if (offset !== undefined) {
    const word = bytes === 4 && offset % 4 === 0 ? state.stack.get(offset) : undefined;
    return word ?? terms.leaf(ofBytes(bytes));
  }
  const constants = knownRange(state, address, bytes, context);
  if (constants !== undefined) {
    return constants.least === constants.most ? terms.constant(constants.least) : terms.leaf(constants);
  }
  return terms.leaf(ofBytes(bytes));
}

const ofBytes = (bytes: 1 | 2 | 4): Range => makeRange(0, 2 ** (8 * bytes) - 1) ?? anything;

/** More addresses than these are not looked at. */
const mostAddresses = 256;

/** Limits of what a load may give, where something is known of each place it may read: literal pools, tables, limits. */
function knownRange(
  state: KnownState,
  address: Term,
  bytes: 1 | 2 | 4,
  context: MachineContext,
): Range | undefined {
  const { least, most, bits } = state.range(address);
  if (most - least >= mostAddresses) return undefined;
  let known: { least: number; most: number } | undefined;
  // The lowest bit that an address may have set is what it is aligned to.
  const step = Math.max(1, (bits & -bits) >>> 0);
  for (let at = Math.ceil(least / step) * step; at <= most; at += step) {
    const constant = context.constantAt(at, bytes);
    const limit = constant ?? context.limitAt(at, bytes);
    if (limit === undefined) return undefined;
    const from = constant ?? 0;
    known = { least: Math.min(known?.least ?? from, from), most: Math.max(known?.most ?? limit, limit) };
  }
  return known === undefined ? undefined : makeRange(known.least, known.most);
}

function storeTo(
  state: KnownState,
  address: Term,
  bytes: 1 | 2 | 4,
  value: Term,
  context: MachineContext,
): void {
  const { stackPointer } = context;
  if (stackOffset(value, stackPointer) !== undefined) {
    throw new Unprovable("an address on the stack is stored: what writes through it is not known");
  }
  const offset = stackOffset(address, stackPointer);
  // Assumed: other stores go to the heap, which the stack is no part of.
  if (offset === undefined) return;
  if (bytes === 4 && offset % 4 === 0) state.stack.set(offset, value);
  else state.stack.set(offset & ~3, state.terms.leaf());
}

/** What lies below the stack pointer is gone. */
function dropBelowStack(
  state: KnownState,
  instruction: Instruction,
  { registers: { stackPointer: number }, stackPointer }: MachineContext,
): void {
  const top = stackOffset(state.register(number), stackPointer);
  if (top === undefined) {
    throw new Unprovable(`the stack pointer is not known after the instruction at ${hex(instruction.at)}`);
  }
  for (const offset of [...state.stack.keys()]) if (offset < top) state.stack.delete(offset);
}
