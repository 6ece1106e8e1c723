/**
 * Instructions of the floating-point unit: FPv4-SP and FPv5 (ARMv7-M ARM, Arm DDI 0403E, A6.4 to A6.7; ARMv8-M ARM,
 * Arm DDI 0553, C2.3.8 to C2.3.11). It has the registers S0 to S31, seen in pairs as D0 to D15. Half precision and
 * vectors came with ARMv8.1-M and are not known.
 */
import { field } from "./encoding.js";
import type { EncodingRow, Effects } from "./encoding.js";
import { bit, general, number, one, r32, when } from "./fields32.js";
import { PC, SP } from "../instruction.js";
import type { Architecture, FloatWork, Operation } from "../instruction.js";
import { set } from "./effects.js";

const isDouble = (encoding: number): boolean => bit(encoding, 8);

/** `count` single registers from `first` on, as a set; undefined where there are not so many. */
function singles(first: number, count: number): number | undefined {
  if (first + count > 32) return undefined;
  return ((2 ** count - 1) * 2 ** first) >>> 0;
}

/** Where the register fields stand: four bits, and one bit that is the low end of Sn and the high end of Dn. */
const operands = { d: [12, 22], n: [16, 7], m: [0, 5] } as const;
type FloatField = keyof typeof operands;

/** First of the single registers of an operand; 32 and more for D16 to D31, which do not exist. */
function first(encoding: number, which: FloatField, double: boolean): number {
  const [four, extra] = operands[which];
  const high = field(encoding, four, 4);
  const low = field(encoding, extra, 1);
  return double ? 2 * (high | (low << 4)) : (high << 1) | low;
}

const registerOf = (encoding: number, which: FloatField, double: boolean): number | undefined =>
  singles(first(encoding, which, double), double ? 2 : 1);

/** The union; undefined where one of them does not exist. */
function union(...sets: readonly (number | undefined)[]): number | undefined {
  let all = 0;
  for (const part of sets) {
    if (part === undefined) return undefined;
    all |= part;
  }
  return all >>> 0;
}

const float = (
  pattern: string,
  effects: EncodingRow["effects"],
  since: Architecture = "ARMv7E-M",
): EncodingRow =>
  r32(
    pattern,
    (encoding, address) => {
      const found = effects(encoding, address);
      return found === undefined ? undefined : { ...found, floatingPoint: true };
    },
    since,
  );

interface Shape {
  readonly reads: readonly FloatField[];
  readonly writes: boolean;
  readonly work?: FloatWork;
  /** Precision of Rd and of Rn and Rm, where they differ from the encoding's. */
  readonly result?: "single" | "double";
  readonly source?: "single" | "double";
}

/** Arithmetic: the registers named exist, or it means nothing. */
function arithmetic(encoding: number, shape: Shape): Effects | undefined {
  const double = isDouble(encoding);
  const result = shape.result === undefined ? double : shape.result === "double";
  const source = shape.source === undefined ? double : shape.source === "double";
  const read = (which: FloatField): number | undefined =>
    registerOf(encoding, which, which === "d" ? result : source);
  const floatReads = union(...shape.reads.map(read));
  const floatWrites = shape.writes ? read("d") : 0;
  if (floatReads === undefined || floatWrites === undefined) return undefined;
  return { kind: "floatArithmetic", work: shape.work ?? "simple", double, floatReads, floatWrites };
}

const twoOperands = (encoding: number): Effects | undefined =>
  arithmetic(encoding, { reads: ["n", "m"], writes: true });
const multiplyAdd = (encoding: number): Effects | undefined =>
  arithmetic(encoding, { reads: ["d", "n", "m"], writes: true, work: "multiplyAdd" });
const oneOperand = (encoding: number): Effects | undefined =>
  arithmetic(encoding, { reads: ["m"], writes: true });

const threeRegisters: readonly EncodingRow[] = [
  // VMLA, VMLS, VNMLA, VNMLS; VMUL, VNMUL, VADD, VSUB; VDIV; VFMA and its like.
  float("11101110 0d 0x nnnn dddd 101z nxm0 mmmm", multiplyAdd),
  float("11101110 0d 1x nnnn dddd 101z nxm0 mmmm", twoOperands),
  float("11101110 1d 00 nnnn dddd 101z n0m0 mmmm", (e) =>
    arithmetic(e, { reads: ["n", "m"], writes: true, work: "divide" }),
  ),
  float("11101110 1d 01 nnnn dddd 101z nxm0 mmmm", multiplyAdd),
  float("11101110 1d 10 nnnn dddd 101z nxm0 mmmm", multiplyAdd),
  // VSEL; VMAXNM and VMINNM.
  float("11111110 0d xx nnnn dddd 101z n0m0 mmmm", twoOperands),
  float("11111110 1d 00 nnnn dddd 101z nxm0 mmmm", twoOperands),
];

/** VCVT between fixed point and floating point: in place, of a size that the immediate's bits must not exceed. */
function fixedPoint(encoding: number): Effects | undefined {
  const fractionBits = (bit(encoding, 7) ? 32 : 16) - ((field(encoding, 0, 4) << 1) | field(encoding, 5, 1));
  return fractionBits < 0 ? undefined : arithmetic(encoding, { reads: ["d"], writes: true });
}

const toInteger = (encoding: number): Effects | undefined =>
  arithmetic(encoding, { reads: ["m"], writes: true, result: "single" });

/** VCVTB and VCVTT: half a single register, of which the other half stays when it is the result. */
const fromHalf = (encoding: number): Effects | undefined =>
  arithmetic(encoding, { reads: ["m"], writes: true, source: "single" });
const toHalf = (encoding: number): Effects | undefined =>
  arithmetic(encoding, { reads: ["d", "m"], writes: true, result: "single" });

const twoRegisters: readonly EncodingRow[] = [
  float("11101110 1d 11 iiii dddd 101z 0000 iiii", (e) => arithmetic(e, { reads: [], writes: true })),
  // VMOV and VABS; VNEG; VSQRT.
  float("11101110 1d 11 0000 dddd 101z x1m0 mmmm", oneOperand),
  float("11101110 1d 11 0001 dddd 101z 01m0 mmmm", oneOperand),
  float("11101110 1d 11 0001 dddd 101z 11m0 mmmm", (e) =>
    arithmetic(e, { reads: ["m"], writes: true, work: "divide" }),
  ),
  float("11101110 1d 11 0010 dddd 101z x1m0 mmmm", fromHalf),
  float("11101110 1d 11 0011 dddd 101z x1m0 mmmm", toHalf),
  // VCMP and VCMPE, of a register and of zero.
  float("11101110 1d 11 0100 dddd 101z x1m0 mmmm", (e) =>
    arithmetic(e, { reads: ["d", "m"], writes: false }),
  ),
  float("11101110 1d 11 0101 dddd 101z x100 0000", (e) => arithmetic(e, { reads: ["d"], writes: false })),
  // VRINTR, VRINTZ, VRINTX; VCVT between the precisions, named by the one it comes from.
  float("11101110 1d 11 0110 dddd 101z x1m0 mmmm", oneOperand),
  float("11101110 1d 11 0111 dddd 101z 01m0 mmmm", oneOperand),
  float("11101110 1d 11 0111 dddd 101z 11m0 mmmm", (e) =>
    arithmetic(e, { reads: ["m"], writes: true, result: isDouble(e) ? "single" : "double" }),
  ),
  // VCVT from an integer, to and from fixed point, to an integer.
  float("11101110 1d 11 1000 dddd 101z x1m0 mmmm", (e) =>
    arithmetic(e, { reads: ["m"], writes: true, source: "single" }),
  ),
  float("11101110 1d 11 1x1x dddd 101z x1i0 iiii", fixedPoint),
  float("11101110 1d 11 110x dddd 101z x1m0 mmmm", toInteger),
  // VRINTA, VRINTN, VRINTP, VRINTM; VCVTA, VCVTN, VCVTP, VCVTM.
  float("11111110 1d 11 10xx dddd 101z 01m0 mmmm", oneOperand),
  float("11111110 1d 11 11xx dddd 101z x1m0 mmmm", toInteger),
];

const move = (words: 1 | 2, toCore: boolean): Operation => ({ kind: "floatMove", words, toCore });

/** VMOV of one word between Rt and a single register, or a half of a double one. */
function moveWord(encoding: number, target: number): Effects | undefined {
  const floats = singles(target, 1);
  if (floats === undefined || !general(encoding, "t")) return undefined;
  const core = one(encoding, "t");
  return bit(encoding, 20)
    ? { ...move(1, true), floatReads: floats, writes: core }
    : { ...move(1, false), floatWrites: floats, reads: core };
}

/** VMOV of two words between Rt, Rt2 and two single registers or a double one. */
function moveTwo(encoding: number): Effects | undefined {
  const floats = singles(first(encoding, "m", isDouble(encoding)), 2);
  const toCore = bit(encoding, 20);
  const same = number(encoding, "t") === number(encoding, "n");
  if (floats === undefined || !general(encoding, "tn") || (toCore && same)) return undefined;
  const core = one(encoding, "t") | one(encoding, "n");
  return toCore
    ? { ...move(2, true), floatReads: floats, writes: core }
    : { ...move(2, false), floatWrites: floats, reads: core };
}

const moves: readonly EncodingRow[] = [
  float("11101110 000x nnnn tttt 1010 n001 0000", (e) => moveWord(e, first(e, "n", false))),
  float("11101110 00hx nnnn tttt 1011 n001 0000", (e) => moveWord(e, first(e, "n", true) + field(e, 21, 1))),
  float("11101100 010x tttt tttt 101z 00m1 mmmm", moveTwo),
  // VMSR; VMRS, to the flags with PC in the place of Rt.
  float("11101110 1110 0001 tttt 1010 0001 0000", (e) =>
    when(general(e, "t"), () => ({ ...move(1, false), reads: one(e, "t") })),
  ),
  float("11101110 1111 0001 tttt 1010 0001 0000", (e) =>
    when(number(e, "t") !== SP, () => ({ ...move(1, true), writes: one(e, "t") })),
  ),
];

/** VLDR, VSTR, VLDM, VSTM, VPUSH and VPOP: `words` registers from Vd on. */
function transfer(
  encoding: number,
  words: number,
  writeBack: boolean,
  multiple: boolean,
): Effects | undefined {
  const base = number(encoding, "n");
  const floats = singles(first(encoding, "d", isDouble(encoding)), words);
  const isLoad = bit(encoding, 20);
  // The literal is for VLDR alone.
  if (floats === undefined || words === 0 || (base === PC && (multiple || !isLoad))) return undefined;
  const address = set(base);
  const shared = { words, multiple, address, reads: address, writes: writeBack ? address : 0 };
  const memory = { elementBytes: 4, elements: words, base, alignment: 4 } as const;
  return isLoad
    ? { kind: "floatLoad", ...shared, floatWrites: floats, memory: { direction: "read", ...memory } }
    : { kind: "floatStore", ...shared, floatReads: floats, memory: { direction: "write", ...memory } };
}

/** An odd number of words from a double register is FLDMX or FSTMX, which no longer exist; 16 doubles are the most. */
function transferMultiple(encoding: number, writeBack: boolean): Effects | undefined {
  const words = field(encoding, 0, 8);
  if (isDouble(encoding) && words % 2 === 1) return undefined;
  return transfer(encoding, words, writeBack, true);
}

const transfers: readonly EncodingRow[] = [
  // Saves and restores the unit's registers around a change of security state: as many as are in use.
  r32(
    "11101100 001x nnnn 0000 1010 00000000",
    (e) => when(number(e, "n") !== PC, () => ({ kind: "system", reads: one(e, "n") })),
    "ARMv8-M",
  ),
  float("11101101 ud 0x nnnn dddd 101z iiiiiiii", (e) => transfer(e, isDouble(e) ? 2 : 1, false, false)),
  float("11101100 1d 0x nnnn dddd 101z iiiiiiii", (e) => transferMultiple(e, false)),
  float("11101100 1d 1x nnnn dddd 101z iiiiiiii", (e) => transferMultiple(e, true)),
  float("11101101 0d 1x nnnn dddd 101z iiiiiiii", (e) => transferMultiple(e, true)),
];

export const floatEncodings: readonly EncodingRow[] = [
  ...threeRegisters,
  ...twoRegisters,
  ...moves,
  ...transfers,
];
