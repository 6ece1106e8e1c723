/** Decodes code of RV32. What no manual defines is not known: an answer, never a guess. */
import type {
  AddressRange,
  Instruction as AnyInstruction,
  MemoryAccess,
  Placed,
  UnknownInstruction,
} from "../../instruction.js";
import { flowOf } from "../flow.js";
import { RA, SP, type Instruction } from "../instruction.js";
import { maskEffect } from "../mask-effect.js";
import { expand, isNarrowMemory } from "./compressed.js";
import { encodingOf, type Encoding, type Operands } from "./encodings.js";
import { field, rd, rs1, rs2 } from "./fields.js";

/** Whether a first halfword begins a 32-bit instruction. Longer ones are none of RV32's. */
export const isWide = (halfword: number): boolean => (halfword & 3) === 3;

/** The instruction at `at`; `second` is read for wide instructions only. */
export function decode(at: number, first: number, second: number): Instruction | UnknownInstruction {
  if (isWide(first)) {
    const encoding = ((second << 16) | first) >>> 0;
    return decodeAs(at, encoding, encoding, 4);
  }
  return decodeAs(at, first, expand(first), 2);
}

function decodeAs(
  at: number,
  encoding: number,
  expanded: number | undefined,
  size: 2 | 4,
): Instruction | UnknownInstruction {
  const unknown: UnknownInstruction = { kind: "unknown", at, size, encoding };
  const found = expanded === undefined ? undefined : encodingOf(expanded);
  if (expanded === undefined || found === undefined) return unknown;
  const flow = flowOf(found.mnemonic, expanded, at);
  if (flow === undefined) return unknown;
  const { mnemonic, kind, extension, operands } = found;
  const named = namedRegisters(operands, expanded);
  return {
    machine: "riscv",
    at,
    size,
    encoding,
    expanded,
    mnemonic,
    kind,
    extension: size === 2 && isNarrowMemory(encoding) ? "Xw" : extension,
    flow,
    reads: setOf(...named.read),
    writes: setOf(...named.written),
    memory: memoryOf(found, expanded),
    saves: isSave(mnemonic, expanded),
    mask: maskEffect(mnemonic, expanded),
    floatingPoint: false,
    namesHighRegister: [...named.read, ...named.written].some((register) => register >= 16),
  };
}

/** The set of registers; x0 is none: it holds nothing. */
const setOf = (...numbers: readonly number[]): number =>
  numbers.reduce((set, number) => (number === 0 ? set : set | (1 << number)), 0);

function namedRegisters(operands: Operands, word: number) {
  switch (operands) {
    case "rd,rs1,rs2":
      return { read: [rs1(word), rs2(word)], written: [rd(word)] };
    case "rd,rs1":
      return { read: [rs1(word)], written: [rd(word)] };
    case "rs1,rs2":
      return { read: [rs1(word), rs2(word)], written: [] };
    case "rd":
      return { read: [], written: [rd(word)] };
    case "rs1":
      return { read: [rs1(word)], written: [] };
    case "none":
      return { read: [], written: [] };
  }
}

function memoryOf({ kind, mnemonic }: Encoding, word: number): MemoryAccess | undefined {
  const access = { elements: 1, base: rs1(word) } as const;
  switch (kind) {
    case "load":
      return { ...access, direction: "read", elementBytes: bytesOf(word), alignment: 1 };
    case "store":
      return { ...access, direction: "write", elementBytes: bytesOf(word), alignment: 1 };
    case "atomic":
      return { ...access, direction: mnemonic === "lr.w" ? "read" : "write", elementBytes: 4, alignment: 4 };
    case "alu":
    case "branch":
    case "csr":
    case "divide":
    case "fence":
    case "jump":
    case "jumpRegister":
    case "multiply":
    case "trap":
      return undefined;
  }
}

/** Of a load or store: the two low bits of funct3. */
export const bytesOf = (word: number): 1 | 2 | 4 => ([1, 2, 4] as const)[field(word, 12, 2)] ?? 4;

/** Registers that a function keeps for its caller: ra and s0 to s11. */
const kept: ReadonlySet<number> = new Set([
  RA,
  8,
  9,
  ...Array.from({ length: 10 }, (_, index) => 18 + index),
]);

const isSave = (mnemonic: string, word: number): boolean =>
  mnemonic === "sw" && rs1(word) === SP && kept.has(rs2(word));

/** Every instruction of `range`, by its address. @param halfword reads the halfword at an address of the range */
export function* placedInstructions(
  range: AddressRange,
  halfword: (at: number) => number,
): Generator<readonly [at: number, placed: Placed]> {
  let at = range.start;
  while (at + 2 <= range.end) {
    const first = halfword(at);
    const found =
      !isWide(first) || at + 4 <= range.end
        ? decode(at, first, isWide(first) ? halfword(at + 2) : 0)
        : ({ kind: "unknown", at, size: 4, encoding: first } as const);
    yield [at, isKnown(found) ? { instruction: found, conditional: false, condition: undefined } : found];
    at += found.size;
  }
}

const isKnown = (found: AnyInstruction | UnknownInstruction): found is Instruction => "machine" in found;
