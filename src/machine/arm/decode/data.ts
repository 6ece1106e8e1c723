/** 32-bit data processing: shifted registers and immediates (ARMv7-M ARM, Arm DDI 0403E, A5.3.1, A5.3.3, A5.3.11). */
import { field, onBaseline } from "./encoding.js";
import type { EncodingRow, Effects } from "./encoding.js";
import { bit, general, number, one, r32, when } from "./fields32.js";
import { PC, SP } from "../instruction.js";
import { alu } from "./effects.js";

/** Values of the field "op", bits 21 to 24. */
const op = { and: 0, bic: 1, orr: 2, orn: 3, eor: 4, add: 8, adc: 10, sbc: 11, sub: 13, rsb: 14 } as const;

/** Whether the manual defines these Rn and Rd; with Rd = PC the result is for the flags alone. */
function definesResult(encoding: number): boolean {
  const n = number(encoding, "n");
  const d = number(encoding, "d");
  const flagsAlone = d === PC && bit(encoding, 20);
  switch (field(encoding, 21, 4)) {
    case op.and:
    case op.eor:
      return general(encoding, flagsAlone ? "n" : "nd");
    case op.bic:
    case op.adc:
    case op.sbc:
    case op.rsb:
      return general(encoding, "nd");
    case op.orr:
    case op.orn:
      // MOV and MVN have PC in the place of Rn.
      return general(encoding, n === PC ? "d" : "nd");
    case op.add:
    case op.sub:
      if (flagsAlone || n === SP) return n !== PC && (flagsAlone || d !== PC);
      return n !== PC && general(encoding, "d");
    default:
      return false;
  }
}

/** A shift of 0 by LSL leaves the operand as it is. */
const isShifted = (encoding: number): boolean => (encoding & 0x70f0) !== 0;

const shiftAmount = (encoding: number): number => (field(encoding, 12, 3) << 2) | field(encoding, 6, 2);

function definesShifted(encoding: number): boolean {
  const d = number(encoding, "d");
  const isStack = number(encoding, "n") === SP && d === SP;
  // SP plus or minus a register goes to SP again with a shift of 0 to 3 to the left alone.
  if (isStack && (field(encoding, 4, 2) !== 0 || shiftAmount(encoding) > 3)) return false;
  return definesResult(encoding) && general(encoding, "m");
}

/** MOV.W of a register, without a shift and without the flags, takes SP on one side. */
function moveRegister(encoding: number): Effects | undefined {
  const d = number(encoding, "d");
  const m = number(encoding, "m");
  const defined = d !== PC && m !== PC && !(d === SP && m === SP);
  return when(defined, () => alu(1 << m, 1 << d));
}

const shiftedRegister: readonly EncodingRow[] = [
  r32("1110101 0010 0 1111 0000 dddd 0000 mmmm", moveRegister),
  // PKHBT and PKHTB: neither sets flags nor shifts another way.
  r32(
    "1110101 0110 0 nnnn 0iii dddd iix0 mmmm",
    (e) => when(general(e, "ndm"), () => alu(one(e, "n") | one(e, "m"), one(e, "d"), isShifted(e))),
    "ARMv7E-M",
  ),
  r32("1110101 oooo s nnnn 0iii dddd iittmmmm", (e) =>
    when(definesShifted(e), () => {
      // MOV and MVN with a shift are the shift instructions themselves.
      const operation = field(e, 21, 4);
      const moves = (operation === op.orr || operation === op.orn) && number(e, "n") === PC;
      return alu(one(e, "n") | one(e, "m"), one(e, "d"), isShifted(e) && !moves);
    }),
  ),
];

/** A byte repeated in the word: not of 0, which has its place among the plain bytes. */
const definesConstant = (encoding: number): boolean =>
  bit(encoding, 26) || bit(encoding, 14) || field(encoding, 12, 2) === 0 || field(encoding, 0, 8) !== 0;

/** ADDW, SUBW and, from PC, ADR. */
function wideAdd(encoding: number): Effects | undefined {
  const toStack = number(encoding, "n") === SP && number(encoding, "d") === SP;
  return when(toStack || general(encoding, "d"), () => alu(one(encoding, "n"), one(encoding, "d")));
}

const moveHalf = (encoding: number, reads: number): Effects | undefined =>
  when(general(encoding, "d"), () => alu(reads, one(encoding, "d")));

const immediates: readonly EncodingRow[] = [
  r32("11110 i 0 oooo s nnnn 0iii dddd iiiiiiii", (e) =>
    when(definesResult(e) && definesConstant(e), () => alu(one(e, "n"), one(e, "d"))),
  ),
  r32("11110 i 1 00000 nnnn 0iii dddd iiiiiiii", wideAdd),
  r32("11110 i 1 01010 nnnn 0iii dddd iiiiiiii", wideAdd),
  // MOVW; MOVT, which keeps the low half.
  onBaseline(r32("11110 i 1 00100 iiii 0iii dddd iiiiiiii", (e) => moveHalf(e, 0))),
  onBaseline(r32("11110 i 1 01100 iiii 0iii dddd iiiiiiii", (e) => moveHalf(e, one(e, "d")))),
];

const oneSource = (encoding: number): Effects | undefined =>
  when(general(encoding, "nd"), () => alu(one(encoding, "n"), one(encoding, "d")));

/** Lowest bit and, for BFI and BFC, highest bit of a field; for SBFX and UBFX its width less one. */
const lowest = shiftAmount;
const second = (encoding: number): number => field(encoding, 0, 5);

const extract = (encoding: number): Effects | undefined =>
  lowest(encoding) + second(encoding) > 31 ? undefined : oneSource(encoding);

/** BFI, and BFC with PC in the place of Rn. */
function insert(encoding: number): Effects | undefined {
  const defined = general(encoding, number(encoding, "n") === PC ? "d" : "nd");
  const ordered = second(encoding) >= lowest(encoding);
  const reads = one(encoding, "n") | one(encoding, "d");
  return when(defined && ordered, () => alu(reads, one(encoding, "d")));
}

const saturationsAndFields: readonly EncodingRow[] = [
  // SSAT16 and USAT16 have the places of SSAT and USAT with ASR #0.
  r32("11110 0 1 1x010 nnnn 0000 dddd 0000iiii", oneSource, "ARMv7E-M"),
  r32("11110 0 1 1x010 nnnn 0000 dddd 00xxiiii", () => undefined),
  r32("11110 0 1 1x0x0 nnnn 0iii dddd ii0iiiii", oneSource),
  r32("11110 0 1 1x100 nnnn 0iii dddd ii0iiiii", extract),
  r32("11110 0 1 10110 nnnn 0iii dddd ii0iiiii", insert),
];

export const dataEncodings: readonly EncodingRow[] = [
  ...shiftedRegister,
  ...immediates,
  ...saturationsAndFields,
];
