/** How an instruction reads registers on Cortex-M7, when its results can be read, and what it shares a cycle with. */
import type { Instruction, RegisterSet } from "../instruction.js";
import type { DualIssueRules } from "./cortex-m7.js";
import { addendOf, factorsOf, formOf, readsFlags } from "./forms.js";
import { storedBy } from "./operands.js";

/**
 * Who reads a register: the late ALU, alone or beside an operand that is read early; the early ALU and its shifter; an
 * address, as base or as offset; a factor of a product; what is stored; what a product is added to.
 */
export type Reader = "late" | "lateBesideEarly" | "early" | "base" | "index" | "factor" | "data" | "addend";

/** Cycles from E to E of a reader. */
export type Latency = Readonly<Record<Reader, number>>;

export const mapLatency = (latency: Latency, to: (cycles: number) => number): Latency => ({
  late: to(latency.late),
  lateBesideEarly: to(latency.lateBesideEarly),
  early: to(latency.early),
  base: to(latency.base),
  index: to(latency.index),
  factor: to(latency.factor),
  data: to(latency.data),
  addend: to(latency.addend),
});

export interface Use {
  readonly register: number;
  readonly reader: Reader;
}

export const membersOf = (set: RegisterSet): readonly number[] =>
  Array.from({ length: 16 }, (_, register) => register).filter((register) => (set & (1 << register)) !== 0);

/** Whether an operand goes through the shifter, or a constant does, MOV's among them. */
export function usesShifter(instruction: Instruction): boolean {
  if (instruction.kind !== "alu") return false;
  const form = formOf(instruction);
  return form === "shiftedOperand" || form === "rotatedConstant" || isRotatedMove(instruction);
}

const isRotatedMove = ({ encoding, size }: Instruction): boolean =>
  size === 4 && encoding >>> 27 === 0x1e && (encoding & 0x02000000) === 0 && (encoding & 0x04004000) !== 0;

/** A shift by itself, by a constant or by a register. */
export function isPlainShift(instruction: Instruction): boolean {
  if (instruction.kind !== "alu") return false;
  const form = formOf(instruction);
  return form === "shiftByConstant" || form === "shiftByRegister";
}

/** Bit fields, extensions, CLZ, reversals, sums of halves and bytes. */
export function isField(instruction: Instruction): boolean {
  if (instruction.kind !== "alu") return false;
  const form = formOf(instruction);
  return ![
    "arithmetic",
    "move",
    "shiftByConstant",
    "shiftByRegister",
    "shiftedOperand",
    "rotatedConstant",
  ].includes(form);
}

/** Those of them that use the early shifter. */
export function usesFieldShifter(instruction: Instruction): boolean {
  if (instruction.kind !== "alu") return false;
  return ["insert", "extract", "reverse", "extendAndAdd", "pack"].includes(formOf(instruction));
}

/** ADD, SUB and MOV of registers and of constants that are not rotated: in the early ALU, if older. */
export function mayGoEarly(instruction: Instruction): boolean {
  if (instruction.kind !== "alu" || usesShifter(instruction)) return false;
  const { encoding, size } = instruction;
  const form = formOf(instruction);
  if (form !== "arithmetic" && form !== "move") return false;
  if (size === 2) {
    const isLogic = encoding >>> 10 === 0x10;
    return !isLogic;
  }
  const operation = (encoding >>> 21) & 15;
  const isBinary = encoding >>> 27 === 0x1e && (encoding & 0x02000000) !== 0;
  return isBinary || operation === 8 || operation === 13 || (form === "move" && operation === 2);
}

/** The registers that data processing reads early. */
function earlyOf(instruction: Instruction): RegisterSet {
  const { encoding, reads } = instruction;
  const n = 1 << ((encoding >>> 16) & 15);
  const m = 1 << (instruction.size === 2 ? (encoding >>> 3) & 7 : encoding & 15);
  switch (formOf(instruction)) {
    case "shiftedOperand":
    case "extendAndAdd":
      return m & reads;
    case "pack":
      return (encoding & 0x20) !== 0 ? reads : m & reads;
    case "insert":
      return n & reads;
    case "extract":
    case "reverse":
      return reads;
    case "arithmetic":
    case "move":
    case "shiftByConstant":
    case "shiftByRegister":
    case "rotatedConstant":
    case "extend":
    case "countZeros":
    case "parallel":
      return 0;
  }
}

/** Every register that is read, and how. A branch is predicted, and reads none in time. */
export function usesOf(instruction: Instruction): readonly Use[] {
  const { kind, reads } = instruction;
  const use = (set: RegisterSet, reader: Reader): readonly Use[] =>
    membersOf(set & reads).map((register) => ({ register, reader }));
  switch (kind) {
    case "alu": {
      const early = earlyOf(instruction);
      return [...use(early, "early"), ...use(~early, early === 0 ? "late" : "lateBesideEarly")];
    }
    case "multiply":
    case "multiplyLong": {
      const addends = addendOf(instruction);
      return [...use(addends, "addend"), ...use(~addends | factorsOf(instruction), "factor")];
    }
    case "divide":
      return use(reads, "factor");
    case "load":
    case "store": {
      const stored = storedBy(instruction);
      const base = instruction.memory === undefined ? 0 : 1 << instruction.memory.base;
      const index = instruction.registerOffset ? instruction.address & ~base : 0;
      return [...use(stored, "data"), ...use(index, "index"), ...use(instruction.address & ~index, "base")];
    }
    case "loadPair":
    case "storePair":
      return [...use(storedBy(instruction), "data"), ...use(instruction.address, "base")];
    case "loadMultiple":
    case "storeMultiple": {
      const base = 1 << instruction.base;
      return [...use(base, "base"), ...use(~base, "data")];
    }
    case "exclusive":
    case "tableBranch":
    case "floatLoad":
    case "floatStore":
      return use(reads, "base");
    case "floatMove":
    case "system":
      return use(reads, "late");
    case "branch":
    case "branchConditional":
    case "compareBranch":
    case "call":
    case "branchExchange":
    case "it":
    case "nop":
    case "trap":
    case "floatArithmetic":
      return [];
  }
}

/** Whether it waits for flags: a branch is predicted instead, what IT covers has waited with IT. */
export const waitsForFlags = (instruction: Instruction): boolean =>
  instruction.kind === "it" || readsFlags(instruction);

/** Cycles alone; undefined for what shares its cycle. */
export function aloneFor(instruction: Instruction, rules: DualIssueRules): number | undefined {
  const { kind } = instruction;
  const inTurn = (count: number): number => Math.ceil(count / rules.registersEachCycle.value);
  if (kind === "loadMultiple" || kind === "storeMultiple") return inTurn(instruction.count);
  if (kind === "loadPair" || kind === "storePair") return inTurn(2);
  if (kind === "floatLoad" || kind === "floatStore")
    return instruction.words > 1 ? inTurn(instruction.words) : undefined;
  if (kind === "floatMove") return instruction.words > 1 ? 1 : undefined;
  if (kind === "floatArithmetic") return instruction.work === "divide" ? rules.floatDivide.value : undefined;
  if (kind === "divide") return rules.divide.value;
  if (kind === "system" || kind === "exclusive") return rules.system.value;
  return kind === "tableBranch" ? rules.tableBranch.value : undefined;
}

export const isBranch = ({ flow }: Instruction): boolean => flow.kind !== "next";

/** What an instruction brings into a cycle, as far as another beside it matters. */
export interface Traits {
  readonly shifter: boolean;
  readonly field: boolean;
  readonly fieldShifter: boolean;
  readonly product: boolean;
  readonly store: boolean;
  readonly load: boolean;
  readonly branch: boolean;
  readonly float: boolean;
}

export const traitsOf = (instruction: Instruction): Traits => ({
  shifter: usesShifter(instruction),
  field: isField(instruction),
  fieldShifter: usesFieldShifter(instruction),
  product: instruction.kind === "multiply" || instruction.kind === "multiplyLong",
  store: instruction.kind === "store" || instruction.kind === "floatStore",
  load: instruction.kind === "load" || instruction.kind === "floatLoad",
  branch: isBranch(instruction),
  float: instruction.kind === "floatArithmetic",
});

/** Whether the two can be issued in one cycle, registers aside. */
export function mayPair(older: Traits, younger: Traits, rules: DualIssueRules): boolean {
  const either = (one: keyof Traits, other: keyof Traits): boolean =>
    (older[one] && younger[other]) || (older[other] && younger[one]);
  const refused: readonly (readonly [boolean, number])[] = [
    [older.shifter && younger.shifter, rules.pairOfShifts.value],
    [younger.field, rules.fieldAsYounger.value],
    [either("fieldShifter", "shifter"), rules.fieldWithShift.value],
    [older.product && younger.product, rules.pairOfProducts.value],
    [either("product", "store"), rules.productWithStore.value],
    [older.store && younger.store, rules.pairOfStores.value],
    [older.load && younger.load, rules.pairOfLoads.value],
    [older.branch && younger.branch, rules.pairOfBranches.value],
    [older.float && younger.float, 0],
  ];
  return refused.every(([meets, allowed]) => !meets || allowed > 0);
}
