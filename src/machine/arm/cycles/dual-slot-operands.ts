/** What an instruction takes on Cortex-M33, when its results can be read, and how it reads its operands. */
import { alwaysLeaves } from "../../instruction.js";
import type { Instruction, RegisterSet } from "../instruction.js";
import type { Rule } from "../../cycle-model.js";
import type { DualSlotRules } from "./cortex-m33.js";
import { addendOf, factorsOf, formOf, setsFlags, type Form } from "./forms.js";
import { isReturn, storedBy, writtenBackBy } from "./operands.js";

/**
 * Who reads a register: a store its data, a product what it is added to, UXTAB and its like what they are added to, and
 * an operand everything else, addresses too.
 */
export type Reader = "operand" | "data" | "addend" | "extendAddend";

/** Cycles from E to E of a reader. */
export type Latency = Readonly<Record<Reader, number>>;

export const mapLatency = (
  { operand, data, addend, extendAddend }: Latency,
  to: (cycles: number) => number,
): Latency => ({
  operand: to(operand),
  data: to(data),
  addend: to(addend),
  extendAddend: to(extendAddend),
});

export interface Use {
  readonly register: number;
  readonly reader: Reader;
  /** Cycles behind E in which it is read. */
  readonly after: number;
}

function* members(set: RegisterSet): Generator<number> {
  for (let register = 0; register < 16; register += 1) if ((set & (1 << register)) !== 0) yield register;
}

/** Every register that is read. */
export function usesOf(instruction: Instruction): readonly Use[] {
  const { kind, reads } = instruction;
  const addends = addendOf(instruction);
  const stored = kind === "storeMultiple" ? reads & ~(1 << instruction.base) : storedBy(instruction);
  const uses: Use[] = [];
  for (const register of members(reads & ~stored & (~addends | factorsOf(instruction))))
    uses.push({ register, reader: "operand", after: 0 });
  const reader = kind === "alu" ? "extendAddend" : "addend";
  for (const register of members(addends & reads)) uses.push({ register, reader, after: 0 });
  let after = 0;
  for (const register of members(stored)) {
    uses.push({ register, reader: "data", after });
    if (kind !== "store") after += 1;
  }
  return uses;
}

/** Every register that is written, with when who can read it. */
export function resultsOf(instruction: Instruction, rules: DualSlotRules): ReadonlyMap<number, Latency> {
  const results = new Map<number, Latency>();
  const latency = latencyOf(instruction, rules);
  const base = writtenBackBy(instruction);
  const isInTurn = instruction.kind === "loadMultiple" || instruction.kind === "loadPair";
  const loaded = members(instruction.writes & ~base);
  // LDM and LDRD load one after the other; those of a long product come together.
  for (const [turn, register] of [...loaded].entries()) {
    results.set(
      register,
      mapLatency(latency, (cycles) => (isInTurn ? cycles + turn : cycles)),
    );
  }
  for (const register of members(base)) results.set(register, all(rules.writtenBackBase.value));
  return results;
}

const all = (cycles: number): Latency => ({
  operand: cycles,
  data: cycles,
  addend: cycles,
  extendAddend: cycles,
});

function latencyOf(instruction: Instruction, rules: DualSlotRules): Latency {
  const data = rules.storeData.value;
  const addend = rules.addend.value;
  const late = (operand: Rule): Latency => ({ operand: operand.value, data, addend, extendAddend: addend });
  const { kind } = instruction;
  if (kind === "alu") {
    const form = formOf(instruction);
    const operand = formLatency(form, rules);
    const isChained = form === "shiftedOperand" || form === "rotatedConstant" || form === "extendAndAdd";
    return isChained ? late(operand) : { ...all(operand.value), data };
  }
  if (kind === "multiply" || kind === "multiplyLong") return late(rules.resultOfProduct);
  if (kind === "load" || kind === "loadPair" || kind === "loadMultiple" || kind === "exclusive") {
    const operand = rules.resultOfLoad.value;
    return { operand, data, addend: rules.loadedAddend.value, extendAddend: operand };
  }
  return all(takes(instruction, alwaysLeaves(instruction), false, rules));
}

function formLatency(form: Form, rules: DualSlotRules): Rule {
  switch (form) {
    case "arithmetic":
    case "move":
    case "shiftByConstant":
    case "extend":
    case "extract":
    case "insert":
      return rules.result;
    case "shiftByRegister":
      return rules.resultOfRegisterShift;
    case "countZeros":
      return rules.resultOfCount;
    case "reverse":
      return rules.resultOfReverse;
    case "shiftedOperand":
      return rules.resultOfShiftedOperand;
    case "rotatedConstant":
      return rules.resultOfRotatedConstant;
    case "extendAndAdd":
      return rules.resultOfExtendAndAdd;
    case "pack":
    case "parallel":
      return rules.resultOfParallel;
  }
}

/** Cycles from E to the end, in slot 0. */
export function takes(
  instruction: Instruction,
  leaves: boolean,
  underIt: boolean,
  rules: DualSlotRules,
): number {
  switch (instruction.kind) {
    case "alu": {
      const isLate = formOf(instruction) === "rotatedConstant" && setsFlags(instruction, underIt);
      return (isLate ? rules.lateFlags : rules.single).value;
    }
    case "multiply":
      return (setsFlags(instruction, underIt) ? rules.lateFlags : rules.single).value;
    case "load":
      return (instruction.loadsPc ? rules.loadPc : rules.single).value;
    case "it":
    case "nop":
    case "trap":
    case "store":
      return rules.single.value;
    case "multiplyLong":
      return rules.multiplyLong.value;
    case "divide":
      return rules.divide.value;
    case "loadPair":
    case "storePair":
      return rules.pair.value;
    case "loadMultiple":
      return (instruction.loadsPc ? rules.multiplePc : rules.multiple).value + instruction.count;
    case "storeMultiple":
      return rules.multiple.value + instruction.count;
    case "exclusive":
      return rules.exclusive.value;
    case "branch":
      return rules.branchTaken.value;
    case "branchConditional":
    case "compareBranch":
      return (leaves ? rules.branchTaken : rules.branchNotTaken).value;
    case "call":
      return rules.call.value;
    case "branchExchange":
      return (isReturn(instruction) ? rules.returns : rules.branchExchange).value;
    case "tableBranch":
      return rules.tableBranch.value;
    case "system":
      return rules.system.value;
    case "floatArithmetic":
      return (instruction.work === "divide" ? rules.floatDivide : rules.single).value;
    case "floatMove":
      return rules.single.value * (instruction.toCore ? instruction.words : 1);
    case "floatLoad":
    case "floatStore":
      return rules.multiple.value + instruction.words;
  }
}
