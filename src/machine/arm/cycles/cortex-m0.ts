/** What Cortex-M0, Cortex-M0+ and Cortex-M23 take, rule by rule: no instruction's cost depends on another's. */
import { inferred, ranged, stated } from "../../cycle-model.js";
import type { Rule } from "../../cycle-model.js";

export interface SimpleRules {
  readonly dataProcessing: Rule;
  readonly multiply: Rule;
  /** LDR of any size. */
  readonly load: Rule;
  readonly store: Rule;
  /** LDM, STM, PUSH, POP: this, and one for each register. */
  readonly multiple: Rule;
  /** POP with PC: this, and one for each register. */
  readonly multiplePc: Rule;
  /** B, and Bcc taken. */
  readonly branchTaken: Rule;
  readonly branchNotTaken: Rule;
  readonly branchExchange: Rule;
  readonly call: Rule;
  /** CPSID, CPSIE. */
  readonly changeState: Rule;
  /** MSR, MRS, barriers. */
  readonly system: Rule;
}

/** What the Baseline of ARMv8-M has beyond ARMv6-M. */
export interface BaselineRules extends SimpleRules {
  /** MOVW, MOVT. */
  readonly moveHalf: Rule;
  /** UDIV, SDIV. */
  readonly divide: Rule;
  /** CBZ and CBNZ, taken. */
  readonly compareBranchTaken: Rule;
  readonly compareBranchNotTaken: Rule;
  /** B.W. */
  readonly branchFar: Rule;
  /** LDREX, STREX, LDA, STL and their like. */
  readonly exclusive: Rule;
}

export type SimpleRuleName = keyof SimpleRules;
export type BaselineRuleName = keyof BaselineRules;

const m0plusTable = "Cortex-M0+ TRM, Arm DDI 0484C, table 3-1";
const m0Table = "Cortex-M0 TRM, Arm DDI 0432C, table 3-1";

export const cortexM0plus: SimpleRules = {
  dataProcessing: stated(1, m0plusTable),
  multiply: stated(1, `${m0plusTable}: with the fast multiplier`),
  load: stated(2, m0plusTable),
  store: stated(2, m0plusTable),
  multiple: stated(1, `${m0plusTable}: 1 + N`),
  multiplePc: stated(3, `${m0plusTable}: 3 + N, N counting PC`),
  branchTaken: stated(2, m0plusTable),
  branchNotTaken: stated(1, m0plusTable),
  branchExchange: stated(2, `${m0plusTable}: BX, BLX, MOV PC`),
  call: stated(3, `${m0plusTable}: BL`),
  changeState: stated(1, m0plusTable),
  system: stated(3, m0plusTable),
};

export const cortexM0: SimpleRules = {
  dataProcessing: stated(1, m0Table),
  multiply: stated(1, `${m0Table}: with the fast multiplier`),
  load: stated(2, m0Table),
  store: stated(2, m0Table),
  multiple: stated(1, `${m0Table}: 1 + N`),
  multiplePc: stated(4, `${m0Table}: 4 + N, N counting PC`),
  branchTaken: stated(3, m0Table),
  branchNotTaken: stated(1, m0Table),
  branchExchange: stated(3, `${m0Table}: BX, BLX, MOV PC`),
  call: stated(4, `${m0Table}: BL`),
  changeState: stated(1, m0Table),
  system: stated(4, m0Table),
};

const m23Table =
  "Cortex-M23 TRM, Arm DDI 0550C, instruction set summary, of which these rows are quoted by others";
const m0plusPipeline = `as Cortex-M0+, whose pipeline of two stages it has (${m0plusTable})`;
const noFigure = "no figure is published outside of the TRM";

export const cortexM23: BaselineRules = {
  dataProcessing: inferred(1, m0plusPipeline),
  multiply: stated(1, "SAM L10/L11 data sheet, Cortex-M23 configuration: fast multiplier, one cycle"),
  load: stated(2, `${m23Table}: 2, or 1 from the port for input and output`),
  store: inferred(2, m0plusPipeline),
  multiple: inferred(1, `${m0plusPipeline}: 1 + N`),
  multiplePc: inferred(3, `${m0plusPipeline}: 3 + N, N counting PC`),
  branchTaken: inferred(2, m0plusPipeline),
  branchNotTaken: inferred(1, m0plusPipeline),
  branchExchange: inferred(2, `${m0plusPipeline}: BX, BLX, MOV PC`),
  call: inferred(3, `${m0plusPipeline}: BL`),
  changeState: inferred(1, m0plusPipeline),
  system: inferred(3, m0plusPipeline),
  moveHalf: stated(3, `${m23Table}: MOVW, MOVT`),
  divide: stated(
    17,
    "SAM L10/L11 data sheet, Cortex-M23 configuration: fast divider, 17 cycles (the slow one: 34)",
  ),
  compareBranchTaken: ranged(2, { cheapest: 2, dearest: 3 }, `${noFigure}; as Bcc`),
  compareBranchNotTaken: ranged(1, { cheapest: 1, dearest: 2 }, `${noFigure}; as Bcc`),
  branchFar: ranged(3, { cheapest: 2, dearest: 3 }, `${noFigure}; as BL`),
  exclusive: ranged(3, { cheapest: 2, dearest: 3 }, `${noFigure}; a load or store of 32 bits`),
};
