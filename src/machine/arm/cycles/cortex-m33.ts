/**
 * What Cortex-M33 takes, rule by rule. Its TRM (Arm 100230) has no table of cycles: what was measured is jnk0le/random,
 * "pipeline cycle test" (RP2350, r1p0), and the figures of jnk0le/cortexm-AES, which hold rules as a whole. A rule that
 * neither decides has a range, and a second figure.
 */
import { inferred, ranged, stated } from "../../cycle-model.js";
import type { Rule } from "../../cycle-model.js";

export interface DualSlotRules {
  /** Everything that no rule below is about, loads, stores and shifts among it. */
  readonly single: Rule;
  /** An instruction that IT skips: it waits for nothing and writes nothing. */
  readonly skipped: Rule;
  /** LDRD, STRD. */
  readonly pair: Rule;
  /** LDM, STM, PUSH, POP: this, and one for each register. */
  readonly multiple: Rule;
  /** MULS of 16 bits, and what sets flags from a rotated constant; MOVS does not count. */
  readonly lateFlags: Rule;
  /** UMULL, SMLAL and their like. */
  readonly multiplyLong: Rule;
  readonly divide: Rule;
  readonly exclusive: Rule;
  /** MRS, MSR, CPS, barriers. */
  readonly system: Rule;
  /** VDIV, VSQRT; other arithmetic of the floating-point unit is single. */
  readonly floatDivide: Rule;
  /** From E of arithmetic, a move, an extension or a bit field to E of what reads it. */
  readonly result: Rule;
  /** The same of a shift by a register. */
  readonly resultOfRegisterShift: Rule;
  /** The same of CLZ. */
  readonly resultOfCount: Rule;
  /** The same of REV, REV16, REVSH and RBIT. */
  readonly resultOfReverse: Rule;
  /** The same of an operand shifted in place. */
  readonly resultOfShiftedOperand: Rule;
  /** The same of a rotated constant. */
  readonly resultOfRotatedConstant: Rule;
  /** The same of UXTAB and its like. */
  readonly resultOfExtendAndAdd: Rule;
  /** The same of sums of halves and bytes, saturation, SEL and PKH. */
  readonly resultOfParallel: Rule;
  readonly resultOfProduct: Rule;
  /** The same of a load; of LDRD and LDM from the cycle of the register. */
  readonly resultOfLoad: Rule;
  readonly writtenBackBase: Rule;
  /** From E of any instruction to E of a store of its result. */
  readonly storeData: Rule;
  /** From E of a product, of UXTAB, of a shifted operand or a rotated constant to E of what adds to its result. */
  readonly addend: Rule;
  /** From E of a load to E of a product that is added to what it loads. */
  readonly loadedAddend: Rule;
  /** From E of an operand shifted in place to E of what reads its flags. */
  readonly flagsOfShiftedOperand: Rule;
  /** B, Bcc and CBZ, taken. */
  readonly branchTaken: Rule;
  /** B, Bcc and CBZ, taken, in slot 1 behind what sets no flags. */
  readonly branchTakenInSlot: Rule;
  readonly branchNotTaken: Rule;
  /** BL. */
  readonly call: Rule;
  /** BX Rm, BLX, MOV PC. */
  readonly branchExchange: Rule;
  /** BX LR. */
  readonly returns: Rule;
  /** The same in slot 1. */
  readonly returnInSlot: Rule;
  /** LDR PC. */
  readonly loadPc: Rule;
  /** LDM and POP with PC: this, and one for each register. */
  readonly multiplePc: Rule;
  readonly tableBranch: Rule;
  /** 1: IT begins in the cycle of the 16-bit instruction before it. */
  readonly ifThenInSlot: Rule;
  /** 1: so do B and Bcc of 16 bits; one that is not taken costs nothing. */
  readonly branchInSlot: Rule;
  /** 1: so do CBZ and CBNZ. */
  readonly compareBranchInSlot: Rule;
  /** 1: so do 16-bit arithmetic, loads and stores behind NOP. */
  readonly behindNop: Rule;
  /** 1: what IT skips is a NOP in this. */
  readonly skippedIsNop: Rule;
  /** Added where the target of a branch is a 32-bit instruction that straddles two words. */
  readonly straddlingTarget: Rule;
}

export type DualSlotRuleName = keyof DualSlotRules;

const measured = "jnk0le/random, pipeline cycle test, cortex_m33.md";
const multiplies =
  "Arm knowledge base ka001260: MULS takes a second cycle; the rest jnk0le/random, cortex_m33.md";
const figures = "inferred; figures of jnk0le/cortexm-AES on RP2350 change with it";
const open = "inferred; no published figure changes with it";

export const cortexM33: DualSlotRules = {
  single: stated(1, measured),
  skipped: stated(1, `${measured}: executes as a NOP`),
  pair: stated(2, measured),
  multiple: stated(0, `${measured}: exactly N cycles`),
  lateFlags: stated(2, multiplies),
  multiplyLong: ranged(1, { cheapest: 1, dearest: 2 }, open),
  divide: inferred(11, "Cortex-M3's 2 to 12 by early termination; no figure is published"),
  exclusive: ranged(2, { cheapest: 1, dearest: 3 }, open),
  system: ranged(2, { cheapest: 1, dearest: 3 }, open),
  floatDivide: inferred(14, "Cortex-M4 TRM, Arm 100166, table 7-1; no figure of Cortex-M33 is published"),
  result: inferred(1, figures),
  resultOfRegisterShift: ranged(1, { cheapest: 1, dearest: 2 }, open),
  resultOfCount: ranged(1, { cheapest: 1, dearest: 2 }, open),
  resultOfReverse: ranged(1, { cheapest: 1, dearest: 2 }, open),
  resultOfShiftedOperand: stated(2, measured),
  resultOfRotatedConstant: stated(2, measured),
  resultOfExtendAndAdd: stated(2, measured),
  resultOfParallel: stated(2, measured),
  resultOfProduct: stated(2, measured),
  resultOfLoad: stated(2, measured),
  writtenBackBase: ranged(1, { cheapest: 1, dearest: 2 }, open),
  storeData: stated(1, measured),
  addend: stated(1, measured),
  loadedAddend: stated(1, measured),
  flagsOfShiftedOperand: stated(2, measured),
  branchTaken: stated(2, measured),
  branchTakenInSlot: stated(1, measured),
  branchNotTaken: inferred(1, figures),
  call: ranged(2, { cheapest: 2, dearest: 3 }, open),
  branchExchange: ranged(2, { cheapest: 2, dearest: 3 }, open),
  returns: inferred(2, figures),
  returnInSlot: inferred(1, figures),
  loadPc: ranged(5, { cheapest: 4, dearest: 6 }, open),
  multiplePc: ranged(
    3,
    { cheapest: 3, dearest: 4 },
    `${measured}: POP LR and BX LR are 1 to 2 cycles faster; no published figure changes with it`,
  ),
  tableBranch: ranged(5, { cheapest: 4, dearest: 6 }, open),
  ifThenInSlot: stated(1, measured),
  branchInSlot: stated(1, measured),
  compareBranchInSlot: ranged(1, { cheapest: 1, dearest: 0 }, open),
  behindNop: stated(1, measured),
  skippedIsNop: ranged(1, { cheapest: 1, dearest: 0 }, open),
  straddlingTarget: ranged(1, { cheapest: 0, dearest: 1 }, open),
};
