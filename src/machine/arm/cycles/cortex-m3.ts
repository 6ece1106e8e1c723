/** What Cortex-M3 and Cortex-M4 take, rule by rule. E is the cycle in which an instruction begins to execute. */
import { inferred, stated } from "../../cycle-model.js";
import type { Rule } from "../../cycle-model.js";

export interface PipelineRules {
  readonly dataProcessing: Rule;
  readonly ifThen: Rule;
  /** An instruction that IT skips. */
  readonly skipped: Rule;
  readonly multiply: Rule;
  readonly multiplyAccumulate: Rule;
  readonly multiplyLong: Rule;
  readonly multiplyLongAccumulate: Rule;
  readonly divide: Rule;
  readonly load: Rule;
  /** From E of a single load to E of a single load or store that follows and does not address with what it loads. */
  readonly loadPipelined: Rule;
  readonly store: Rule;
  readonly storeRegisterOffset: Rule;
  /** From E of a store to E of a load that follows. */
  readonly loadAfterStore: Rule;
  /** 1: a load or store that writes its base back is pipelined behind a load, unless that wrote back the same base. */
  readonly writeBackPipelined: Rule;
  /** From E of a store that writes its base back to E of one that follows and writes back the same base. */
  readonly writeBackAgain: Rule;
  /** 1: NOP takes no cycle behind a single load, or a store with a register offset. */
  readonly nopBehindAccess: Rule;
  /** LDRD, STRD. */
  readonly pair: Rule;
  /** LDM, STM: this, and one for each register. */
  readonly multiple: Rule;
  readonly exclusive: Rule;
  /** Added where a single load or store addresses with what the instruction before it computed. */
  readonly resultAsAddress: Rule;
  /** Added where an instruction stores what the one before it multiplied, STM and PUSH as their first register. */
  readonly productAsStoreData: Rule;
  /** Added where an operand of an instruction is shifted that the one before it multiplied; LSL and its like are moves. */
  readonly productAsShifterOperand: Rule;
  /** Taken: B, BL, Bcc, BX LR. */
  readonly branchInDecode: Rule;
  /** Taken: BX Rm, BLX, CBZ, CBNZ, MOV PC. */
  readonly branchInExecute: Rule;
  /** BX LR behind an instruction that writes LR. */
  readonly linkJustWritten: Rule;
  /** Bcc, CBZ, CBNZ. */
  readonly branchNotTaken: Rule;
  /** LDR PC. */
  readonly loadPc: Rule;
  /** LDM and POP with PC: this, and one for each register. */
  readonly multiplePc: Rule;
  readonly tableBranch: Rule;
  /** MRS, MSR, CPS, barriers. */
  readonly system: Rule;
  /** VADD, VMUL, VCMP, VCVT, ... */
  readonly floatSimple: Rule;
  readonly floatMultiplyAdd: Rule;
  /** VDIV, VSQRT. */
  readonly floatDivide: Rule;
  /** Between core and floating-point registers, for each word. */
  readonly floatMove: Rule;
  /** VLDR, VSTR, VLDM, VSTM: this, and one for each word. */
  readonly floatTransfer: Rule;
  /**
   * Added to the third of three 32-bit instructions that straddle two words, behind LDM, STM, PUSH, POP, LDRD, STRD or the
   * last of some pipelined loads; none of them a long product.
   */
  readonly straddlingRun: Rule;
  /** Words that the FIFO of the fetch unit holds. */
  readonly fifoWords: Rule;
  /** From the address cycle of an instruction's last word to its E. */
  readonly fetchToExecute: Rule;
  /** Fetches that a Bcc which is not taken keeps from the code behind it: one, or none. */
  readonly branchFetch: Rule;
}

export type PipelineRuleName = keyof PipelineRules;

const m3Table = "Cortex-M3 TRM, Arm DDI 0337, table 3-1";
const m3Pairs = "Cortex-M3 TRM, Arm DDI 0337, load and store timings";
const m4Table = "Cortex-M4 TRM, Arm 100166, table 3-1";
const m4Pairs = "Cortex-M4 TRM, Arm 100166, load and store timings";
const fetchUnit = "Cortex-M3 TRM, Arm DDI 0337E, section 1.5";
const branchStatus = "Cortex-M3 TRM, Arm DDI 0337G, table 15-3 (BRCHSTAT: branches in decode and in execute)";
const noFloat = "Cortex-M3 has no floating-point unit";
const m4Float = "Cortex-M4 TRM, Arm 100166, table 7-1";
const measured = "jnk0le/random, pipeline cycle test, cortex_m3m4.md";
const noManual = "no manual; inferred from measured code";

export const cortexM3: PipelineRules = {
  dataProcessing: stated(1, m3Table),
  ifThen: stated(1, m3Table),
  skipped: stated(1, m3Table),
  multiply: stated(1, m3Table),
  multiplyAccumulate: stated(2, `${m3Table}: MLA, MLS`),
  multiplyLong: stated(5, `${m3Table}: UMULL, SMULL 3 to 5 by early termination, the worst is charged`),
  multiplyLongAccumulate: stated(
    7,
    `${m3Table}: UMLAL, SMLAL 4 to 7 by early termination, the worst is charged`,
  ),
  divide: stated(12, `${m3Table}: UDIV, SDIV 2 to 12 by early termination, the worst is charged`),
  load: stated(2, m3Table),
  loadPipelined: stated(1, m3Pairs),
  store: stated(1, `${m3Pairs}: STR with an immediate offset is always one cycle`),
  storeRegisterOffset: stated(2, `${m3Pairs}: nothing pipelines behind STR with a register offset`),
  loadAfterStore: stated(2, `${m3Pairs}: nothing pipelines behind a store`),
  writeBackPipelined: stated(0, measured),
  writeBackAgain: stated(2, measured),
  nopBehindAccess: stated(1, measured),
  pair: stated(3, `${m3Pairs}: LDRD, STRD`),
  multiple: stated(1, `${m3Table}: 1 + N`),
  exclusive: stated(2, m3Table),
  resultAsAddress: stated(
    1,
    `${m3Pairs}: no forwarding path to the address (not for LDM, STM and an SP base: inferred)`,
  ),
  productAsStoreData: stated(0, "Cortex-M3 has no such stall"),
  productAsShifterOperand: stated(0, "Cortex-M3 has no such stall"),
  branchInDecode: stated(2, branchStatus),
  branchInExecute: stated(3, branchStatus),
  linkJustWritten: stated(3, branchStatus),
  branchNotTaken: stated(1, m3Table),
  loadPc: stated(5, `${m3Pairs}: two for the load, three to refill the pipeline`),
  multiplePc: stated(4, `${m3Table}: 1 + N, and the refill`),
  tableBranch: stated(6, `${m3Pairs}: two for the load, one for the sum, three to refill the pipeline`),
  system: stated(2, `${m3Table}: 1 or 2, the higher is charged`),
  floatSimple: stated(0, noFloat),
  floatMultiplyAdd: stated(0, noFloat),
  floatDivide: stated(0, noFloat),
  floatMove: stated(0, noFloat),
  floatTransfer: stated(0, noFloat),
  straddlingRun: stated(
    0,
    "chacha-arm-cortex-m: the same code that has it on Cortex-M4 does not on Cortex-M3",
  ),
  fifoWords: stated(3, fetchUnit),
  fetchToExecute: stated(3, `${fetchUnit}: data the cycle after the address, then decode, then execute`),
  branchFetch: stated(1, `${branchStatus}: the target is fetched in decode, whether or not it is needed`),
};

export const cortexM4: PipelineRules = {
  ...cortexM3,
  dataProcessing: stated(1, m4Table),
  multiplyAccumulate: stated(1, `${m4Table}: MLA, MLS`),
  multiplyLong: stated(1, `${m4Table}: UMULL, SMULL`),
  multiplyLongAccumulate: stated(1, `${m4Table}: UMLAL, SMLAL, UMAAL and the halfword products`),
  loadPipelined: stated(1, m4Pairs),
  store: stated(1, `${m4Pairs}: STR with an immediate offset is always one cycle`),
  writeBackPipelined: stated(1, measured),
  floatSimple: stated(1, m4Float),
  floatMultiplyAdd: stated(3, m4Float),
  floatDivide: stated(14, m4Float),
  floatMove: stated(1, m4Float),
  floatTransfer: stated(1, `${m4Float}: 1 + N, N in words`),
  productAsStoreData: inferred(1, noManual),
  productAsShifterOperand: inferred(1, noManual),
  straddlingRun: inferred(
    1,
    "jnk0le/random, cortex_m3m4.md: loads; eprint 2025/523: any instruction of several cycles; which, from measured code",
  ),
};
