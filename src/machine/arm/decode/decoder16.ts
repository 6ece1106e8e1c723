/**
 * 16-bit Thumb encodings (ARMv8-M ARM, Arm DDI 0553, C2.3; ARMv7-M ARM, Arm DDI 0403E, A5.2). What a manual calls
 * UNPREDICTABLE is not known.
 */
import { field, onBaseline, row, signed } from "./encoding.js";
import type { EncodingRow, Effects } from "./encoding.js";
import { LR, PC, SP, always, registers } from "../instruction.js";
import type { Architecture, Condition } from "../instruction.js";
import { alu, load, loadMultiple, set, store, storeMultiple } from "./effects.js";
import type { Addressing } from "./effects.js";

const low = (encoding: number, at: number): number => 1 << field(encoding, at, 3);

const r16 = (
  pattern: string,
  effects: EncodingRow["effects"],
  since: Architecture = "ARMv6-M",
): EncodingRow => row(16, pattern, since, effects);

/** Fields of the register forms: Rd or Rdn at bit 0, Rn or Rm at bit 3, a second Rm at bit 6. */
const shiftsAndImmediates: readonly EncodingRow[] = [
  r16("00011 0x mmmnnnddd", (e) => alu(low(e, 3) | low(e, 6), low(e, 0))),
  r16("00011 1x iiinnnddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("000xx iiiii mmm ddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("00100 ddd iiiiiiii", (e) => alu(0, low(e, 8))),
  r16("00101 nnn iiiiiiii", (e) => alu(low(e, 8), 0)),
  r16("0011x ddd iiiiiiii", (e) => alu(low(e, 8), low(e, 8))),
];

const dataProcessing: readonly EncodingRow[] = [
  r16("010000 1000 mmmnnn", (e) => alu(low(e, 0) | low(e, 3), 0)),
  r16("010000 1001 nnnddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("010000 101x mmmnnn", (e) => alu(low(e, 0) | low(e, 3), 0)),
  r16("010000 1101 nnnddd", (e) => ({
    kind: "multiply",
    accumulate: false,
    reads: low(e, 0) | low(e, 3),
    writes: low(e, 0),
  })),
  r16("010000 1111 mmmddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("010000 xxxx mmmddd", (e) => alu(low(e, 0) | low(e, 3), low(e, 0))),
];

const high = (encoding: number): number => field(encoding, 0, 3) | (field(encoding, 7, 1) << 3);
const source = (encoding: number): number => field(encoding, 3, 4);

/** ADD, CMP and MOV with high registers, and branches to a register. */
const highRegisters: readonly EncodingRow[] = [
  r16("010001 00 d mmmm ddd", (e) => {
    // ADD PC, PC.
    if (high(e) === PC && source(e) === PC) return undefined;
    return toAny(high(e), source(e), set(source(e)) | set(high(e)));
  }),
  r16("010001 01 n mmmm nnn", (e) => {
    // Two low registers have an encoding of their own; PC is not compared.
    if ((high(e) < 8 && source(e) < 8) || high(e) === PC || source(e) === PC) return undefined;
    return alu(set(high(e)) | set(source(e)), 0);
  }),
  r16("010001 10 d mmmm ddd", (e) => toAny(high(e), source(e), set(source(e)))),
  r16("010001 11 0 mmmm 000", (e) => exchange(e, false)),
  r16("010001 11 1 mmmm 000", (e) => exchange(e, true)),
  // BXNS and BLXNS, of the Security Extension.
  onBaseline(r16("010001 11 0 mmmm 100", (e) => exchangeSecurity(e, false), "ARMv8-M")),
  onBaseline(r16("010001 11 1 mmmm 100", (e) => exchangeSecurity(e, true), "ARMv8-M")),
];

/** A result that may go to PC, and is a branch then. */
function toAny(destination: number, register: number, reads: number): Effects {
  if (destination === PC) return { kind: "branchExchange", register, link: false, reads };
  return alu(reads, set(destination));
}

/** BX PC and BLX PC would leave Thumb state. */
function exchange(encoding: number, link: boolean): Effects | undefined {
  const register = source(encoding);
  if (register === PC) return undefined;
  return {
    kind: "branchExchange",
    register,
    link,
    reads: set(register),
    writes: link ? registers(LR) : 0,
  };
}

const exchangeSecurity = (encoding: number, link: boolean): Effects | undefined =>
  source(encoding) === SP ? undefined : exchange(encoding, link);

/** [Rn, Rm], [Rn, #imm] and [SP, #imm]. */
const byRegister = (encoding: number): Addressing => ({
  base: field(encoding, 3, 3),
  index: field(encoding, 6, 3),
});
const byOffset = (encoding: number): Addressing => ({ base: field(encoding, 3, 3) });
const fromStack: Addressing = { base: SP };

/** Rt at bit 0, or at bit 8 beside an offset of 8 bits. */
const t0 = (encoding: number): number => field(encoding, 0, 3);
const t8 = (encoding: number): number => field(encoding, 8, 3);

const loadsAndStores: readonly EncodingRow[] = [
  r16("01001 ttt iiiiiiii", (e) => load(4, t8(e), { base: PC })),
  r16("0101 000 mmmnnnttt", (e) => store(4, t0(e), byRegister(e))),
  r16("0101 001 mmmnnnttt", (e) => store(2, t0(e), byRegister(e))),
  r16("0101 010 mmmnnnttt", (e) => store(1, t0(e), byRegister(e))),
  r16("0101 100 mmmnnnttt", (e) => load(4, t0(e), byRegister(e))),
  r16("0101 1x1 mmmnnnttt", (e) => load(2, t0(e), byRegister(e))),
  r16("0101 xxx mmmnnnttt", (e) => load(1, t0(e), byRegister(e))),
  r16("0110 0 iiiiinnnttt", (e) => store(4, t0(e), byOffset(e))),
  r16("0110 1 iiiiinnnttt", (e) => load(4, t0(e), byOffset(e))),
  r16("0111 0 iiiiinnnttt", (e) => store(1, t0(e), byOffset(e))),
  r16("0111 1 iiiiinnnttt", (e) => load(1, t0(e), byOffset(e))),
  r16("1000 0 iiiiinnnttt", (e) => store(2, t0(e), byOffset(e))),
  r16("1000 1 iiiiinnnttt", (e) => load(2, t0(e), byOffset(e))),
  r16("1001 0 ttt iiiiiiii", (e) => store(4, t8(e), fromStack)),
  r16("1001 1 ttt iiiiiiii", (e) => load(4, t8(e), fromStack)),
];

const addresses: readonly EncodingRow[] = [
  r16("10100 ddd iiiiiiii", (e) => alu(0, low(e, 8))),
  r16("10101 ddd iiiiiiii", (e) => alu(registers(SP), low(e, 8))),
];

const miscellaneous: readonly EncodingRow[] = [
  r16("1011 0000 x iiiiiii", () => alu(registers(SP), registers(SP))),
  onBaseline(
    r16(
      "1011 x0i1 iiiiinnn",
      (e, address) => ({
        kind: "compareBranch",
        target: (address + 4 + (field(e, 3, 5) << 1) + (field(e, 9, 1) << 6)) >>> 0,
        reads: low(e, 0),
      }),
      "ARMv7-M",
    ),
  ),
  r16("1011 0010 xx mmmddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("1011 010 m rrrrrrrr", (e) => {
    const list = (e & 0xff) | (e & 0x100 ? registers(LR) : 0);
    return list === 0 ? undefined : storeMultiple(SP, list, true);
  }),
  r16("1011 110 p rrrrrrrr", (e) => {
    const list = (e & 0xff) | (e & 0x100 ? registers(PC) : 0);
    return list === 0 ? undefined : loadMultiple(SP, list, true);
  }),
  // CPS: PRIMASK alone, or FAULTMASK too, which came later.
  r16("1011 0110 011 x 0010", () => ({ kind: "system" })),
  r16("1011 0110 011 x 00x1", () => ({ kind: "system" }), "ARMv7-M"),
  r16("1011 1010 10 xxxxxx", () => undefined),
  r16("1011 1010 xx mmmddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("1011 1110 iiiiiiii", () => ({ kind: "trap" })),
  // NOP, YIELD, WFE, WFI, SEV; hints without a name yet do nothing.
  r16("1011 1111 xxxx 0000", () => ({ kind: "nop" })),
  r16("1011 1111 cccc mmmm", (e) => ifThen(field(e, 4, 4), field(e, 0, 4)), "ARMv7-M"),
];

/** The lowest set bit of the mask ends the block; each bit above it replaces the low bit of the condition. */
function ifThen(first: Condition, mask: number): Effects | undefined {
  // "Always" has no else; there is no "never".
  if (first === 15 || (first === always && (mask & (mask - 1)) !== 0)) return undefined;
  const conditions: Condition[] = [first];
  for (let rest = mask; (rest & 7) !== 0; rest = (rest << 1) & 15) {
    conditions.push((first & 14) | ((rest >> 3) & 1));
  }
  return { kind: "it", conditions };
}

const multiplesAndBranches: readonly EncodingRow[] = [
  r16("1100 0 nnn rrrrrrrr", (e) =>
    (e & 0xff) === 0 ? undefined : storeMultiple(field(e, 8, 3), e & 0xff, true),
  ),
  r16("1100 1 nnn rrrrrrrr", (e) => {
    const base = field(e, 8, 3);
    return (e & 0xff) === 0 ? undefined : loadMultiple(base, e & 0xff, (e & (1 << base)) === 0);
  }),
  r16("1101 111x iiiiiiii", () => ({ kind: "trap" })),
  r16("1101 cccc iiiiiiii", (e, address) => ({
    kind: "branchConditional",
    condition: field(e, 8, 4),
    target: (address + 4 + signed(field(e, 0, 8) << 1, 9)) >>> 0,
  })),
  r16("11100 iiiiiiiiiii", (e, address) => ({
    kind: "branch",
    target: (address + 4 + signed(field(e, 0, 11) << 1, 12)) >>> 0,
  })),
];

export const encodings16: readonly EncodingRow[] = [
  ...shiftsAndImmediates,
  ...dataProcessing,
  ...highRegisters,
  ...loadsAndStores,
  ...addresses,
  ...miscellaneous,
  ...multiplesAndBranches,
];
