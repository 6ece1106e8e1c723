/** Registers that an instruction reads and writes, worked out from its text alone. */
import type { OperationKind } from "../../src/machine/arm/instruction.js";

const namedRegisters: Readonly<Record<string, number>> = { sb: 9, sl: 10, fp: 11, ip: 12, sp: 13, lr: 14 };

/** Core registers that a text names, ranges included; never PC. */
export function coreRegisters(text: string): number {
  let set = 0;
  for (const [, from = "", to = from] of text.matchAll(/\b(r\d+|s[bpl]|fp|ip|lr)\b(?:\s*-\s*(\w+))?/g)) {
    for (let register = registerNumber(from); register <= registerNumber(to); register += 1)
      set |= 1 << register;
  }
  return set;
}

const registerNumber = (name: string): number => namedRegisters[name] ?? parseInt(name.slice(1), 10);

/** Single registers that a text names, a double one as its halves, ranges included. */
export function floatRegisters(text: string): number {
  let set = 0;
  for (const [, letter = "", from = "", , to = from, half] of text.matchAll(
    /\b([sd])(\d+)\b(?:-([sd])(\d+))?(?:\[([01])\])?/g,
  )) {
    const width = letter === "d" ? 2 : 1;
    const first = parseInt(from, 10) * width + (half === undefined ? 0 : parseInt(half, 10));
    const count = half === undefined ? (parseInt(to, 10) - parseInt(from, 10) + 1) * width : 1;
    for (let register = first; register < first + count; register += 1) set |= 1 << register;
  }
  return set >>> 0;
}

export interface Operands {
  readonly reads: number;
  readonly writes: number;
  readonly floatReads: number;
  readonly floatWrites: number;
}

interface Text {
  readonly mnemonic: string;
  readonly operands: string;
  readonly halfwords: readonly number[];
}

/** Operands between commas outside of brackets and braces. */
export const split = (operands: string): readonly string[] =>
  operands === "" ? [] : operands.split(/,\s*(?![^[{]*[\]}])/);

/** How many of the first operands are results; none where the kind is not here. */
const results: Partial<Record<OperationKind, (text: Text) => number>> = {
  alu: ({ mnemonic }) => (/^(cmp|cmn|tst|teq)/.test(mnemonic) ? 0 : 1),
  multiply: () => 1,
  divide: () => 1,
  load: () => 1,
  multiplyLong: () => 2,
  loadPair: () => 2,
  exclusive: ({ mnemonic }) => (/^stl[bh]?$/.test(mnemonic) ? 0 : 1),
  system: ({ mnemonic }) => (/^mrs/.test(mnemonic) ? 1 : 0),
  floatArithmetic: ({ mnemonic }) => (/^vcmp/.test(mnemonic) ? 0 : 1),
  floatMove: ({ mnemonic, operands }) => {
    if (/^vmsr/.test(mnemonic)) return 0;
    // "vmov d0, r0, r1" has one result, "vmov r0, r1, d0" and the single ones have two.
    return /^vmrs/.test(mnemonic) || split(operands).length === 2 || /^d/.test(operands) ? 1 : 2;
  },
  floatLoad: ({ mnemonic }) => (/^vldr/.test(mnemonic) ? 1 : 0),
};

/** Whether the result is an operand too: "adds r0, #1" as well as what keeps or adds to it by its nature. */
function keepsResult(kind: OperationKind, { mnemonic, operands }: Text): boolean {
  if (kind === "floatArithmetic") return /^v(n?ml|fn?m)[as]|^vcvt[bt]\.f16/.test(mnemonic);
  if (kind === "multiplyLong") return !/^[us]mull/.test(mnemonic);
  if (/^(movt|bfi|bfc)/.test(mnemonic)) return true;
  if (kind !== "alu" && kind !== "multiply") return false;
  return split(operands).length === 2 && !/^(mov|mvn|neg|[us]xt|rev|clz|rbit|rrx|adr|tt)/.test(mnemonic);
}

/**
 * The base that an access updates: "[r0, #4]!", "[r0], #4", "r0!, {...}". Of LDRD and STRD with #0 it shows in the
 * encoding alone.
 */
const updated = ({ mnemonic, operands, halfwords }: Text): string => {
  const base = /\[(\w+)/.exec(operands)?.[1] ?? "";
  if (/^(ldr|str)d/.test(mnemonic)) return ((halfwords[0] ?? 0) & 0x20) === 0 ? "" : base;
  return /\](!|, #)/.test(operands) ? base : (/^(\w+)!/.exec(operands)?.[1] ?? "");
};

const labelled: ReadonlySet<OperationKind> = new Set([
  "branch",
  "branchConditional",
  "compareBranch",
  "call",
]);

/** What the text says is read and written. */
export function operandsOf(text: Text, kind: OperationKind): Operands {
  if (labelled.has(kind)) return branchOperands(text, kind);
  const { mnemonic, operands } = text;
  // Hints of later architectures name registers; here they do nothing.
  if (kind === "nop" && !operands.includes("["))
    return { reads: 0, writes: 0, floatReads: 0, floatWrites: 0 };
  const parts = split(operands);
  const count = results[kind]?.(text) ?? 0;
  const written = parts.slice(0, count).join(", ");
  const sources = parts.slice(count).join(", ");
  const list = /\{.*\}/.exec(operands)?.[0] ?? "";
  let writes = coreRegisters(written) | coreRegisters(updated(text));
  let reads = coreRegisters(sources) | (keepsResult(kind, text) ? coreRegisters(written) : 0);
  let floatWrites = floatRegisters(written);
  let floatReads = floatRegisters(sources) | (keepsResult(kind, text) ? floatRegisters(written) : 0);
  if (kind === "loadMultiple" || kind === "floatLoad") {
    // "{r0, pc}" counts PC among what is written.
    writes |= coreRegisters(list) | (/\bpc\}/.test(list) ? 1 << 15 : 0);
    reads = coreRegisters(sources.replace(list, ""));
    floatWrites |= floatRegisters(list);
    floatReads = 0;
  }
  if (kind === "load" && /^pc,/.test(operands)) writes |= 1 << 15;
  if (/^v?(push|pop)/.test(mnemonic)) {
    reads |= 1 << 13;
    writes |= 1 << 13;
  }
  if (/^blx/.test(mnemonic)) writes |= 1 << 14;
  return { reads, writes, floatReads: floatReads >>> 0, floatWrites: floatWrites >>> 0 };
}

/** A label looks like a register now and then. */
function branchOperands({ operands }: Text, kind: OperationKind): Operands {
  const reads = kind === "compareBranch" ? coreRegisters(split(operands)[0] ?? "") : 0;
  return { reads, writes: kind === "call" ? 1 << 14 : 0, floatReads: 0, floatWrites: 0 };
}
