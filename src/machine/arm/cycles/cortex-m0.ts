/** What Cortex-M0 and Cortex-M0+ take, rule by rule: no instruction's cost depends on another's. */
import { stated } from "../../cycle-model.js";
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

export type SimpleRuleName = keyof SimpleRules;

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
