/** One instruction's effect on what is known. */
import { LR, PC, SP, type Instruction } from "../machine/arm/instruction.js";
import type { KnownState } from "./known-state.js";
import type { FlagEffect, Meaning } from "../machine/semantics.js";
import { meaningOf } from "../machine/arm/semantics/semantics.js";
import { anything, makeRange, type Range, type Term } from "./terms.js";

/** Why nothing can be proven: a sentence for people. */
export class Unprovable extends Error {}

/** What execution must know of the program. */
export interface Surroundings {
  /** Value of the stack pointer at entry. */
  readonly stackPointer: Term;
  /** Bytes that never change, as a little-endian number. Undefined: not such memory. */
  constantAt(address: number, bytes: number): number | undefined;
  /** What a number in memory that changes never exceeds. Undefined: nothing is known. */
  limitAt(address: number, bytes: number): number | undefined;
}

/** Distance from the stack pointer at entry; undefined for any other address. */
export function stackOffset(term: Term, stackPointer: Term): number | undefined {
  if (term === stackPointer) return 0;
  if (term.kind !== "add" || term.left !== stackPointer || term.right.kind !== "constant") return undefined;
  return term.right.value | 0;
}

/** Runs an instruction that does not branch; an IT block lets it execute where it is `covered`. */
export function execute(
  state: KnownState,
  instruction: Instruction,
  covered: boolean,
  surroundings: Surroundings,
): void {
  const meaning = meaningOf(instruction, covered);
  switch (meaning.kind) {
    case "nothing":
      return;
    case "set": {
      const value = state.evaluate(meaning.value);
      if (meaning.flags !== undefined) setFlags(state, meaning.flags);
      state.registers[meaning.register] = value;
      break;
    }
    case "compare":
      setFlags(state, meaning.flags);
      return;
    case "load":
    case "store":
      transfer(state, meaning, surroundings);
      break;
    case "loadMultiple":
    case "storeMultiple":
      transferMultiple(state, meaning, surroundings);
      break;
    case "other":
      if ((instruction.writes & ((1 << SP) | (1 << PC))) !== 0) {
        throw new Unprovable(
          `what the instruction at ${hex(instruction.at)} does to the stack pointer is not known`,
        );
      }
      forget(state, instruction.writes);
      state.setFlags(undefined);
      return;
  }
  if ((instruction.writes & (1 << SP)) !== 0) dropBelowStack(state, instruction, surroundings);
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
export function forget(state: KnownState, set: number): void {
  for (let number = 0; number < PC; number++) {
    if ((set & (1 << number)) !== 0) state.registers[number] = state.terms.leaf();
  }
}

function transfer(
  state: KnownState,
  meaning: Extract<Meaning, { readonly kind: "load" | "store" }>,
  surroundings: Surroundings,
): void {
  const { kind, register, bytes, writeBack } = meaning;
  const address = state.evaluate(meaning.address);
  const moved = writeBack === undefined ? undefined : state.evaluate(writeBack.value);
  const value = kind === "load" ? loadFrom(state, address, bytes, surroundings) : state.register(register);
  if (kind === "store") storeTo(state, address, bytes, value, surroundings);
  if (writeBack !== undefined && moved !== undefined) state.registers[writeBack.register] = moved;
  if (kind === "load") state.registers[register] = value;
}

function transferMultiple(
  state: KnownState,
  {
    kind,
    base,
    registers,
    offset,
    advance,
  }: Extract<Meaning, { readonly kind: "loadMultiple" | "storeMultiple" }>,
  surroundings: Surroundings,
): void {
  const { terms } = state;
  const from = state.register(base);
  const values = registers.map((register) => state.register(register));
  if (advance !== 0) state.registers[base] = terms.operation("add", from, terms.constant(advance));
  for (const [index, register] of registers.entries()) {
    const address = terms.operation("add", from, terms.constant(offset + 4 * index));
    const value = values[index];
    if (kind === "loadMultiple") {
      state.registers[register] = loadFrom(state, address, 4, surroundings);
    } else if (value !== undefined) {
      storeTo(state, address, 4, value, surroundings);
    }
  }
}

function loadFrom(state: KnownState, address: Term, bytes: 1 | 2 | 4, surroundings: Surroundings): Term {
  const { terms } = state;
  const offset = stackOffset(address, surroundings.stackPointer);
  if (offset !== undefined) {
    const word = bytes === 4 && offset % 4 === 0 ? state.stack.get(offset) : undefined;
    return word ?? terms.leaf(ofBytes(bytes));
  }
  const constants = knownRange(state, address, bytes, surroundings);
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
  surroundings: Surroundings,
): Range | undefined {
  const { least, most, bits } = state.range(address);
  if (most - least >= mostAddresses) return undefined;
  let known: { least: number; most: number } | undefined;
  // The lowest bit that an address may have set is what it is aligned to.
  const step = Math.max(1, (bits & -bits) >>> 0);
  for (let at = Math.ceil(least / step) * step; at <= most; at += step) {
    const constant = surroundings.constantAt(at, bytes);
    const limit = constant ?? surroundings.limitAt(at, bytes);
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
  surroundings: Surroundings,
): void {
  const { stackPointer } = surroundings;
  if (stackOffset(value, stackPointer) !== undefined) {
    throw new Unprovable("an address on the stack is stored: who writes through it is not known");
  }
  const offset = stackOffset(address, stackPointer);
  // Assumed: other stores go to the heap, which the stack is no part of.
  if (offset === undefined) return;
  if (bytes === 4 && offset % 4 === 0) state.stack.set(offset, value);
  else state.stack.set(offset & ~3, state.terms.leaf());
}

/** What lies below the stack pointer is gone. */
function dropBelowStack(state: KnownState, instruction: Instruction, { stackPointer }: Surroundings): void {
  const top = stackOffset(state.register(SP), stackPointer);
  if (top === undefined) {
    throw new Unprovable(`the stack pointer is not known behind the instruction at ${hex(instruction.at)}`);
  }
  for (const offset of [...state.stack.keys()]) if (offset < top) state.stack.delete(offset);
}

/** LR as a call leaves it. */
export function link(state: KnownState, returnTo: number): void {
  state.registers[LR] = state.terms.constant(returnTo | 1);
}
