/**
 * 32-bit Thumb encodings of integer instructions (ARMv7-M ARM, Arm DDI 0403E, A5.3; ARMv8-M ARM, Arm DDI 0553, C2.3).
 * Floating point and coprocessors are not known. An encoding is the first halfword shifted up by 16, and the second.
 */
import { loadMultiple, storeMultiple } from "./decoder16.js";
import { field, row, signed } from "./encoding.js";
import type { EncodingRow, Meaning } from "./encoding.js";
import { LR, PC, SP, registers } from "./instruction.js";
import type { Architecture } from "./instruction.js";

const r32 = (
  pattern: string,
  meaning: EncodingRow["meaning"],
  since: Architecture = "ARMv7-M",
): EncodingRow => row(32, pattern, since, meaning);

/** The set of the register whose number starts at bit `at`; PC is none, it stands for "no register". */
const one = (encoding: number, at: number): number => (1 << field(encoding, at, 4)) & ~registers(PC);

const n = (encoding: number): number => one(encoding, 16);
const t = (encoding: number): number => one(encoding, 12);
const d = (encoding: number): number => one(encoding, 8);
const m = (encoding: number): number => one(encoding, 0);

const alu = (reads: number, writes: number, shifted = false): Meaning => ({
  kind: "alu",
  shifted,
  reads,
  writes,
});

/** The P bit (24) and the W bit (21) of single and dual transfers. */
const writesBack = (encoding: number): boolean => (encoding & (1 << 21)) !== 0;

const multiples: readonly EncodingRow[] = [
  r32("1110100 01 0 w 1 nnnn prxr rrrrrrrrrrrr", (e) => multiple(e, true)),
  r32("1110100 10 0 w 1 nnnn prxr rrrrrrrrrrrr", (e) => multiple(e, true)),
  r32("1110100 01 0 w 0 nnnn 0r0r rrrrrrrrrrrr", (e) => multiple(e, false)),
  r32("1110100 10 0 w 0 nnnn 0r0r rrrrrrrrrrrr", (e) => multiple(e, false)),
];

function multiple(encoding: number, isLoad: boolean): Meaning | undefined {
  const base = field(encoding, 16, 4);
  const list = field(encoding, 0, 16);
  if (list === 0 || (list & registers(SP)) !== 0) return undefined;
  return (isLoad ? loadMultiple : storeMultiple)(base, list, writesBack(encoding));
}

/** Loads and stores of two registers, exclusive and ordered accesses, table branches. */
const dualsAndExclusives: readonly EncodingRow[] = [
  r32("1110100101111111 1110100101111111", () => ({ kind: "system" }), "ARMv8-M"),
  r32("111010000100 nnnn 1111 dddd xx000000", (e) => alu(n(e), d(e)), "ARMv8-M"),
  r32("111010000100 nnnn tttt dddd iiiiiiii", (e) => exclusive(n(e) | t(e), d(e))),
  r32("111010000101 nnnn tttt 1111 iiiiiiii", (e) => exclusive(n(e), t(e))),
  r32("111010001101 nnnn 11110000 000x mmmm", (e) => ({ kind: "tableBranch", reads: n(e) | m(e) })),
  r32("111010001100 nnnn tttt 1111 010x dddd", (e) => exclusive(n(e) | t(e), m(e))),
  r32("111010001101 nnnn tttt 1111 010x 1111", (e) => exclusive(n(e), t(e))),
  r32("111010001100 nnnn tttt 1111 10xx 1111", (e) => exclusive(n(e) | t(e), 0), "ARMv8-M"),
  r32("111010001101 nnnn tttt 1111 1xxx 1111", (e) => exclusive(n(e), t(e)), "ARMv8-M"),
  r32("111010001100 nnnn tttt 1111 11xx dddd", (e) => exclusive(n(e) | t(e), m(e)), "ARMv8-M"),
  r32("1110100 0 x11 0 nnnn tttt dddd iiiiiiii", (e) => pair(e, false)),
  r32("1110100 1 x1x 0 nnnn tttt dddd iiiiiiii", (e) => pair(e, false)),
  r32("1110100 0 x11 1 nnnn tttt dddd iiiiiiii", (e) => pair(e, true)),
  r32("1110100 1 x1x 1 nnnn tttt dddd iiiiiiii", (e) => pair(e, true)),
];

const exclusive = (reads: number, writes: number): Meaning => ({ kind: "exclusive", reads, writes });

function pair(encoding: number, isLoad: boolean): Meaning {
  const address = n(encoding);
  const data = t(encoding) | d(encoding);
  const base = writesBack(encoding) ? address : 0;
  if (isLoad) return { kind: "loadPair", address, reads: address, writes: data | base };
  return { kind: "storePair", address, reads: address | data, writes: base };
}

/** A shift of 0 by LSL leaves the operand as it is. */
const isShifted = (encoding: number): boolean => (encoding & 0x70f0) !== 0;

const shiftedRegister: readonly EncodingRow[] = [
  r32("1110101 0110 s nnnn xiii dddd iittmmmm", (e) => alu(n(e) | m(e), d(e), isShifted(e)), "ARMv7E-M"),
  r32("1110101 oooo s nnnn xiii dddd iittmmmm", (e) => {
    if (![0, 1, 2, 3, 4, 8, 10, 11, 13, 14].includes(field(e, 21, 4))) return undefined;
    // MOV and MVN with a shift are the shift instructions themselves.
    const moves = field(e, 21, 4) === 2 || field(e, 21, 4) === 3;
    return alu(n(e) | m(e), d(e), isShifted(e) && !(moves && n(e) === 0));
  }),
];

const immediates: readonly EncodingRow[] = [
  r32("11110 i 0 oooo s nnnn 0iii dddd iiiiiiii", (e) => {
    if (![0, 1, 2, 3, 4, 8, 10, 11, 13, 14].includes(field(e, 21, 4))) return undefined;
    return alu(n(e), d(e));
  }),
  // ADD, SUB and ADR of 12 bits; MOVW; MOVT, which keeps the low half.
  r32("11110 i 1 00000 nnnn 0iii dddd iiiiiiii", (e) => alu(n(e), d(e))),
  r32("11110 i 1 01010 nnnn 0iii dddd iiiiiiii", (e) => alu(n(e), d(e))),
  r32("11110 i 1 00100 iiii 0iii dddd iiiiiiii", (e) => alu(0, d(e))),
  r32("11110 i 1 01100 iiii 0iii dddd iiiiiiii", (e) => alu(d(e), d(e))),
  // SSAT, USAT (with SSAT16 and USAT16), SBFX, UBFX, BFI and BFC.
  r32("11110 0 1 1x010 nnnn 0000 dddd 0000iiii", (e) => alu(n(e), d(e)), "ARMv7E-M"),
  r32("11110 0 1 1x0x0 nnnn 0iii dddd ii0iiiii", (e) => alu(n(e), d(e))),
  r32("11110 0 1 1x100 nnnn 0iii dddd ii0iiiii", (e) => alu(n(e), d(e))),
  r32("11110 0 1 10110 nnnn 0iii dddd ii0iiiii", (e) => alu(n(e) | d(e), d(e))),
];

const branches: readonly EncodingRow[] = [
  r32("11110 s iiiiiiiiii 11 j 1 k iiiiiiiiiii", (e, address) => callTo(e, address), "ARMv6-M"),
  r32("11110 s iiiiiiiiii 10 j 1 k iiiiiiiiiii", (e, address) => ({
    kind: "branch",
    target: farTarget(e, address),
  })),
  r32("11110 011 100x nnnn 1000 xxxx xxxxxxxx", (e) => ({ kind: "system", reads: n(e) }), "ARMv6-M"),
  r32("11110 011 1010 1111 1000 0000 xxxxxxxx", (e) =>
    field(e, 0, 8) <= 4 || field(e, 4, 4) === 15 ? { kind: "nop" } : undefined,
  ),
  r32("11110 011 1011 1111 1000 1111 0010 1111", () => ({ kind: "system" })),
  r32("11110 011 1011 1111 1000 1111 01xx xxxx", () => ({ kind: "system" }), "ARMv6-M"),
  r32("11110 011 111x 1111 1000 dddd xxxxxxxx", (e) => ({ kind: "system", writes: d(e) }), "ARMv6-M"),
  r32("11110 111 1111 iiii 1010 iiii iiiiiiii", () => ({ kind: "trap" }), "ARMv6-M"),
  r32("11110 s cccc iiiiii 10 j 0 k iiiiiiiiiii", (e, address) => {
    const condition = field(e, 22, 4);
    if (condition >= 14) return undefined;
    return { kind: "branchConditional", condition, target: nearTarget(e, address) };
  }),
];

const callTo = (encoding: number, address: number): Meaning => ({
  kind: "call",
  target: farTarget(encoding, address),
  writes: registers(LR),
});

/** T4 of B and BL: the bits I1 and I2 are J1 and J2, flipped unless they equal the sign. */
function farTarget(encoding: number, address: number): number {
  const sign = field(encoding, 26, 1);
  const i1 = field(encoding, 13, 1) ^ sign ^ 1;
  const i2 = field(encoding, 11, 1) ^ sign ^ 1;
  const offset =
    (sign << 24) | (i1 << 23) | (i2 << 22) | (field(encoding, 16, 10) << 12) | (field(encoding, 0, 11) << 1);
  return (address + 4 + signed(offset, 25)) >>> 0;
}

/** T3 of B. */
function nearTarget(encoding: number, address: number): number {
  const offset =
    (field(encoding, 26, 1) << 20) |
    (field(encoding, 11, 1) << 19) |
    (field(encoding, 13, 1) << 18) |
    (field(encoding, 16, 6) << 12) |
    (field(encoding, 0, 11) << 1);
  return (address + 4 + signed(offset, 21)) >>> 0;
}

/** Offsets: 12 bits; or 8 bits with P, U and W; or a register shifted by 0 to 3. */
const singles: readonly EncodingRow[] = [
  r32("1111100 0 1 xx 0 nnnn tttt iiiiiiiiiiii", (e) => (isSize(e) ? store(e, 0, 0) : undefined)),
  r32("1111100 0 0 xx 0 nnnn tttt 1puw iiiiiiii", (e) => (isSize(e) ? indexedStore(e) : undefined)),
  r32("1111100 0 0 xx 0 nnnn tttt 000000 iimmmm", (e) => (isSize(e) ? store(e, m(e), 0) : undefined)),
  // A byte or halfword "loaded" into PC is a preload hint.
  r32("1111100 x x 0x 1 nnnn 1111 xxxx xxxxxxxx", () => ({ kind: "nop" })),
  r32("1111100 x x xx 1 1111 tttt iiiiiiiiiiii", (e) => (isSize(e) ? load(e, 0, 0) : undefined)),
  r32("1111100 x 1 xx 1 nnnn tttt iiiiiiiiiiii", (e) => (isSize(e) ? load(e, 0, 0) : undefined)),
  r32("1111100 x 0 xx 1 nnnn tttt 1puw iiiiiiii", (e) => (isSize(e) ? indexedLoad(e) : undefined)),
  r32("1111100 x 0 xx 1 nnnn tttt 000000 iimmmm", (e) => (isSize(e) ? load(e, m(e), 0) : undefined)),
];

/** Byte, halfword or word, and no sign extension of a word. */
const isSize = (encoding: number): boolean => {
  const size = field(encoding, 21, 2);
  return size !== 3 && !(size === 2 && (encoding & (1 << 24)) !== 0);
};

/** W of the 8-bit forms (bit 8). P = 1, U = 1, W = 0 are the unprivileged accesses. */
const indexWriteBack = (encoding: number): number => (encoding & 0x100 ? n(encoding) : 0);
const isIndexed = (encoding: number): boolean => (encoding & 0x500) !== 0;

const indexedStore = (encoding: number): Meaning | undefined =>
  isIndexed(encoding) ? store(encoding, 0, indexWriteBack(encoding)) : undefined;
const indexedLoad = (encoding: number): Meaning | undefined =>
  isIndexed(encoding) ? load(encoding, 0, indexWriteBack(encoding)) : undefined;

function store(encoding: number, index: number, writes: number): Meaning {
  const address = n(encoding) | index;
  return { kind: "store", address, registerOffset: index !== 0, reads: address | t(encoding), writes };
}

function load(encoding: number, index: number, writeBack: number): Meaning {
  const address = n(encoding) | index;
  const target = 1 << field(encoding, 12, 4);
  return {
    kind: "load",
    loadsPc: target === registers(PC),
    address,
    registerOffset: index !== 0,
    reads: address,
    writes: target | writeBack,
  };
}

const registerOperations: readonly EncodingRow[] = [
  r32("11111010 0xx s nnnn 1111 dddd 0000 mmmm", (e) => alu(n(e) | m(e), d(e))),
  // SXTH, UXTH, SXTB and UXTB; with an addend, or of both halves, they belong to the DSP extension.
  r32("11111010 000x 1111 1111 dddd 10rr mmmm", (e) => alu(m(e), d(e), (e & 0x30) !== 0)),
  r32("11111010 010x 1111 1111 dddd 10rr mmmm", (e) => alu(m(e), d(e), (e & 0x30) !== 0)),
  r32(
    "11111010 0xxx nnnn 1111 dddd 10rr mmmm",
    (e) => (field(e, 20, 3) <= 5 ? alu(n(e) | m(e), d(e), (e & 0x30) !== 0) : undefined),
    "ARMv7E-M",
  ),
  r32("11111010 1xxx nnnn 1111 dddd 0xxx mmmm", (e) => alu(n(e) | m(e), d(e)), "ARMv7E-M"),
  r32("11111010 1000 nnnn 1111 dddd 10xx mmmm", (e) => alu(n(e) | m(e), d(e)), "ARMv7E-M"),
  r32("11111010 1001 mmmm 1111 dddd 10xx mmmm", (e) => alu(m(e), d(e))),
  r32("11111010 1010 nnnn 1111 dddd 1000 mmmm", (e) => alu(n(e) | m(e), d(e)), "ARMv7E-M"),
  r32("11111010 1011 mmmm 1111 dddd 1000 mmmm", (e) => alu(m(e), d(e))),
];

/** Products: Ra is 15 where nothing is added. */
function multiply(encoding: number): Meaning {
  const addend = t(encoding);
  return {
    kind: "multiply",
    accumulate: addend !== 0,
    reads: n(encoding) | m(encoding) | addend,
    writes: d(encoding),
  };
}

function multiplyLong(encoding: number, accumulate: boolean): Meaning {
  const results = t(encoding) | d(encoding);
  const reads = n(encoding) | m(encoding) | (accumulate ? results : 0);
  return { kind: "multiplyLong", accumulate, reads, writes: results };
}

const divide = (e: number): Meaning => ({ kind: "divide", reads: n(e) | m(e), writes: d(e) });

const multiplies: readonly EncodingRow[] = [
  r32("11111011 0000 nnnn aaaa dddd 000x mmmm", (e) => multiply(e)),
  r32("11111011 0xxx nnnn aaaa dddd 00xx mmmm", (e) => multiply(e), "ARMv7E-M"),
  r32("11111011 1000 nnnn llll hhhh 0000 mmmm", (e) => multiplyLong(e, false)),
  r32("11111011 1001 nnnn 1111 dddd 1111 mmmm", divide),
  r32("11111011 1010 nnnn llll hhhh 0000 mmmm", (e) => multiplyLong(e, false)),
  r32("11111011 1011 nnnn 1111 dddd 1111 mmmm", divide),
  r32("11111011 1100 nnnn llll hhhh 0000 mmmm", (e) => multiplyLong(e, true)),
  r32("11111011 1100 nnnn llll hhhh 10xx mmmm", (e) => multiplyLong(e, true), "ARMv7E-M"),
  r32("11111011 110x nnnn llll hhhh 110x mmmm", (e) => multiplyLong(e, true), "ARMv7E-M"),
  r32("11111011 1110 nnnn llll hhhh 0000 mmmm", (e) => multiplyLong(e, true)),
  r32("11111011 1110 nnnn llll hhhh 0110 mmmm", (e) => multiplyLong(e, true), "ARMv7E-M"),
];

export const encodings32: readonly EncodingRow[] = [
  ...multiples,
  ...dualsAndExclusives,
  ...shiftedRegister,
  ...immediates,
  ...branches,
  ...singles,
  ...registerOperations,
  ...multiplies,
];
