/**
 * What Cortex-M7 takes, rule by rule, code and data in memory without wait states. Its TRM (Arm DDI 0489) has no table of
 * cycles: jnk0le/random measured it ("pipeline cycle test", STM32H743), and Arm's own model is in LLVM. Two instructions
 * are issued a cycle, an older and a younger. Latencies are from the older's or younger's cycle E to that of what reads.
 */
import { inferred, stated } from "../../cycle-model.js";
import type { Rule } from "../../cycle-model.js";

export interface DualIssueRules {
  /** LDM, STM, PUSH, POP, LDRD, STRD: so many registers a cycle, alone in their cycles. */
  readonly registersEachCycle: Rule;
  /** UDIV, SDIV, alone. */
  readonly divide: Rule;
  /** MRS, MSR, CPS, barriers, exclusive accesses, alone. */
  readonly system: Rule;
  /** TBB, TBH, alone. */
  readonly tableBranch: Rule;
  /** VDIV, VSQRT, alone. */
  readonly floatDivide: Rule;
  /** 1: two shifted operands or rotated constants pair. */
  readonly pairOfShifts: Rule;
  /** 1: a bit field, an extension, CLZ, a reversal or a sum of halves and bytes is the younger. */
  readonly fieldAsYounger: Rule;
  /** 1: BFI, BFC, UBFX, SBFX, REV, RBIT, UXTAB or PKH pairs with a shifted operand. */
  readonly fieldWithShift: Rule;
  readonly pairOfProducts: Rule;
  readonly productWithStore: Rule;
  readonly pairOfStores: Rule;
  /** 1: two loads pair. On the core they do where one is of an even and one of an odd word. */
  readonly pairOfLoads: Rule;
  readonly pairOfBranches: Rule;
  /** The result of ADD, SUB, MOV and shifts that execute early, to what computes late. */
  readonly earlyResult: Rule;
  /** The same to what reads early: addresses, shifted operands, bit fields. */
  readonly earlyResultToEarly: Rule;
  /** Of other arithmetic, and of those where a source comes late or they are not the older. */
  readonly lateResult: Rule;
  readonly lateResultToEarly: Rule;
  /** REV, REV16, REVSH, RBIT: to what computes late; to what reads early as of other arithmetic. */
  readonly reverseResult: Rule;
  readonly writtenBackBase: Rule;
  /** The base to what reads early and is no address. */
  readonly writtenBackBaseToEarly: Rule;
  readonly loadResult: Rule;
  /** A loaded word to what computes late, but has an operand that is read early. */
  readonly loadResultBesideEarly: Rule;
  readonly loadResultToEarly: Rule;
  /** A loaded word as the register of an offset. */
  readonly loadResultToIndex: Rule;
  readonly loadResultToProduct: Rule;
  /** Added to the result of a load of a byte or a halfword. */
  readonly loadNarrow: Rule;
  readonly product: Rule;
  readonly productToEarly: Rule;
  readonly productToAddress: Rule;
  /** To what stores it, or to a product that it is added to. */
  readonly productToData: Rule;
  /** From what sets flags to IT, ADC and their like. */
  readonly flags: Rule;
  /** The same of an operand shifted in place. */
  readonly flagsOfShiftedOperand: Rule;
  /** Bytes from one multiple of them on that are fetched a cycle. */
  readonly fetchBytes: Rule;
  /** Cycles that fetch runs ahead. */
  readonly fetchAhead: Rule;
  /** Cycles behind a branch that was predicted wrongly. */
  readonly misprediction: Rule;
  /** The same where flags were set three cycles before it. */
  readonly mispredictionOfKnownFlags: Rule;
}

export type DualIssueRuleName = keyof DualIssueRules;

const measured = "jnk0le/random, pipeline cycle test, cortex_m7.md";
const llvm = "Arm's model in LLVM: ARMScheduleM7.td, ARMLatencyMutations.cpp";
const figures = "inferred; figures of jnk0le/cortexm-AES on STM32H743 change with it";
const open = "inferred; no published figure changes with it";

export const cortexM7: DualIssueRules = {
  registersEachCycle: stated(2, measured),
  divide: stated(7, llvm),
  system: stated(3, llvm),
  tableBranch: inferred(2, open),
  floatDivide: stated(16, measured),
  pairOfShifts: stated(0, measured),
  fieldAsYounger: stated(0, measured),
  fieldWithShift: stated(0, measured),
  pairOfProducts: stated(0, measured),
  productWithStore: stated(0, measured),
  pairOfStores: stated(0, measured),
  pairOfLoads: inferred(0, `${measured}: banks; without addresses the dearer is charged`),
  pairOfBranches: inferred(0, open),
  earlyResult: stated(0, measured),
  earlyResultToEarly: stated(1, measured),
  lateResult: stated(1, measured),
  lateResultToEarly: stated(2, measured),
  reverseResult: stated(0, measured),
  writtenBackBase: stated(1, measured),
  writtenBackBaseToEarly: stated(2, measured),
  loadResult: stated(1, measured),
  loadResultBesideEarly: stated(2, measured),
  loadResultToEarly: stated(2, measured),
  loadResultToIndex: stated(3, llvm),
  loadResultToProduct: stated(2, measured),
  loadNarrow: stated(1, measured),
  product: stated(2, measured),
  productToEarly: stated(3, measured),
  productToAddress: stated(4, llvm),
  productToData: stated(1, measured),
  flags: inferred(1, figures),
  flagsOfShiftedOperand: stated(2, llvm),
  fetchBytes: inferred(8, figures),
  fetchAhead: inferred(2, figures),
  misprediction: stated(8, measured),
  mispredictionOfKnownFlags: stated(6, measured),
};
