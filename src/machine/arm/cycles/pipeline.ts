/** Cortex-M3 and Cortex-M4: three stages, in order, one instruction executing at a time, its successors being fetched. */
import { NumberedStates } from "../../numbered-states.js";
import { cycles } from "../../../units.js";
import { LR, armInstruction, registers } from "../instruction.js";
import type { FloatWork, Instruction, RegisterSet } from "../instruction.js";
import { alwaysLeaves, type Instruction as AnyInstruction } from "../../instruction.js";
import type { CycleModel, Outcome, PipelineState, Rule, SlowMemory, Step } from "../../cycle-model.js";
import type { PipelineRules } from "./cortex-m3.js";
import { askFor, fetchKey, freshFetch, leaveFifo, loseSlot, rebase } from "./fetch.js";
import type { FetchState } from "./fetch.js";
import { mostStraddling, straddledBehind } from "./straddling.js";
import { addressOf, isReturn, loadedBy, shiftedBy, storedFirst, writtenBackBy } from "./operands.js";

/** What the next instruction may have to wait for. Only LR is kept of registers that no other rule asks for. */
interface Result {
  readonly kind: "none" | "load" | "store" | "storeRegisterOffset" | "computed" | "product";
  readonly registers: RegisterSet;
  /** The base that a single load or store wrote back. */
  readonly writtenBack?: RegisterSet;
}

/** What may stand before an instruction, as far as it can make a difference to when that begins. */
const anyBefore: readonly Result[] = [
  { kind: "load", registers: 0 },
  { kind: "store", registers: 0, writtenBack: 0xffff },
  { kind: "storeRegisterOffset", registers: 0 },
  { kind: "computed", registers: 0xffff },
  { kind: "product", registers: 0xffff },
];

const noResult: Result = { kind: "none", registers: 0 };

/** The pipeline between two instructions; times are relative to the end of the one before. */
interface Pipeline {
  /** E of the instruction before. */
  readonly began: number;
  readonly result: Result;
  readonly fetch: FetchState;
  /** Instructions that keep fetch waiting, with only such as straddle words behind them: bit n, n of these. */
  readonly straddled: number;
}

export interface PipelineOptions {
  readonly name: string;
  readonly estimate: boolean;
  readonly rules: PipelineRules;
  readonly flash: SlowMemory;
}

/** The model of a core with these rules. */
export function pipelineModel({ name, estimate, rules, flash }: PipelineOptions): CycleModel {
  const afterBranch: Pipeline = {
    began: -rules.fetchToExecute.value,
    result: noResult,
    fetch: freshFetch(-rules.fetchToExecute.value, rules.fifoWords.value),
    straddled: 0,
  };
  const states = new NumberedStates(keyOf);
  const start = states.number(afterBranch);

  function step(state: PipelineState, given: AnyInstruction, outcome: Outcome): Step {
    const instruction = armInstruction(given);
    const before = states.state(state);
    const fetch = askFor(before.fetch, instruction, flash);
    const arrived = fetch.asked + rules.fetchToExecute.value - 1;
    const decoded = Math.max(arrived, before.began);
    const earliest = outcome === "skipped" ? 0 : earliestBegin(before.result, instruction, rules);
    const began = Math.max(decoded + 1, earliest);
    const leaves = outcome !== "skipped" && (outcome === "taken" || alwaysLeaves(instruction));
    const straddled = straddledBehind(before.straddled, before.result.kind === "load", instruction, outcome);
    const late = (straddled & (1 << mostStraddling)) === 0 ? 0 : rules.straddlingRun.value;
    const cost =
      costOf(instruction, outcome, leaves, before.result, rules) + literalWait(instruction, flash) + late;
    if (leaves) return leave(began, cost, goesInDecode(instruction, before.result) ? decoded : began - 1);
    const end = began + cost;
    let left = leaveFifo(fetch, instruction, decoded);
    if (instruction.kind === "branchConditional" && rules.branchFetch.value > 0)
      left = loseSlot(left, decoded);
    const after: Pipeline = {
      began: began - end,
      result: outcome === "skipped" ? noResult : resultOf(instruction),
      fetch: rebase(left, end, flash.waitStates > 0),
      straddled: straddled & ((1 << mostStraddling) - 1),
    };
    return { cycles: cycles(end), next: states.number(after) };
  }

  /**
   * A branch that goes in decode asks for its target in its first cycle there: behind an instruction of several cycles
   * it waits for its turn while the target arrives.
   */
  function leave(began: number, cost: number, decoded: number): Step {
    const arrives = decoded + 1 + cost;
    const end = Math.max(began + 1, arrives);
    if (end === arrives) return { cycles: cycles(end), next: start };
    const asked = arrives - rules.fetchToExecute.value - end;
    const ahead = rebase(freshFetch(asked, rules.fifoWords.value), 0, false);
    return { cycles: cycles(end), next: states.number({ ...afterBranch, began: -1, fetch: ahead }) };
  }

  return {
    name,
    estimate,
    start,
    step,
    feelsExecution: (given, next) => {
      const instruction = armInstruction(given);
      const following = next === undefined ? undefined : armInstruction(next);
      if (costOf(instruction, "executed", alwaysLeaves(instruction), noResult, rules) !== rules.skipped.value)
        return true;
      if (anyBefore.some((before) => earliestBegin(before, instruction, rules) !== 0)) return true;
      const result = resultOf(instruction);
      if (following === undefined) return result.kind !== "none" || result.registers !== 0;
      const waits = (after: Result): boolean =>
        earliestBegin(after, following, rules) !== earliestBegin(noResult, following, rules) ||
        isLateReturn(after, following);
      return waits(result);
    },
  };
}

const keyOf = ({ began, result, fetch, straddled }: Pipeline): string =>
  `${began} ${result.kind} ${result.registers} ${result.writtenBack ?? 0} ${straddled} ${fetchKey(fetch)}`;

/** Earliest E that the results still on their way allow, relative to the end of the instruction before. */
function earliestBegin(before: Result, instruction: Instruction, rules: PipelineRules): number {
  const address = addressOf(instruction);
  switch (before.kind) {
    case "load":
      return isPipelined(before, instruction, rules) ? rules.loadPipelined.value - rules.load.value : 0;
    case "store":
      if (isLoad(instruction)) return rules.loadAfterStore.value - rules.store.value;
      return instruction.kind === "store" && returnsTo(before, instruction)
        ? rules.writeBackAgain.value - rules.store.value
        : 0;
    case "storeRegisterOffset":
      return instruction.kind === "nop" ? -rules.nopBehindAccess.value : 0;
    case "computed":
    case "product": {
      if ((address & before.registers) !== 0) return rules.resultAsAddress.value;
      if (before.kind === "computed") return 0;
      if ((storedFirst(instruction) & before.registers) !== 0) return rules.productAsStoreData.value;
      return (shiftedBy(instruction) & before.registers) !== 0 ? rules.productAsShifterOperand.value : 0;
    }
    case "none":
      return 0;
  }
}

/** Whether the instruction begins in the second cycle of the load before it. */
function isPipelined(before: Result, instruction: Instruction, rules: PipelineRules): boolean {
  const { kind } = instruction;
  if (kind === "nop") return rules.nopBehindAccess.value > 0;
  if ((kind !== "load" && kind !== "store") || (addressOf(instruction) & before.registers) !== 0)
    return false;
  if (writtenBackBy(instruction) === 0) return true;
  return rules.writeBackPipelined.value > 0 && !returnsTo(before, instruction);
}

/** Whether the instruction writes back the base that the one before wrote back. */
const returnsTo = ({ writtenBack = 0 }: Result, instruction: Instruction): boolean =>
  (writtenBackBy(instruction) & writtenBack) !== 0;

const isLoad = ({ kind }: Instruction): boolean =>
  kind === "load" || kind === "loadPair" || kind === "loadMultiple";

function resultOf(instruction: Instruction): Result {
  const { kind, writes } = instruction;
  if (kind === "load")
    return { kind, registers: loadedBy(instruction), writtenBack: writtenBackBy(instruction) };
  if (kind === "store") {
    if (instruction.registerOffset) return { kind: "storeRegisterOffset", registers: 0 };
    return { kind, registers: 0, writtenBack: writtenBackBy(instruction) };
  }
  if (kind === "alu" || kind === "divide") return { kind: "computed", registers: writes };
  if (kind === "multiply" || kind === "multiplyLong") return { kind: "product", registers: writes };
  return { kind: "none", registers: writes & registers(LR) };
}

/** Whether decode knows where it goes: B, BL, Bcc, and BX LR unless the instruction before writes LR. */
const goesInDecode = (instruction: Instruction, before: Result): boolean =>
  instruction.kind === "branch" ||
  instruction.kind === "call" ||
  instruction.kind === "branchConditional" ||
  (isReturn(instruction) && !isLateReturn(before, instruction));

const isLateReturn = (before: Result, instruction: Instruction): boolean =>
  isReturn(instruction) && (before.registers & registers(LR)) !== 0;

/** From E to the E of an instruction behind that waits for nothing. */
function costOf(
  instruction: Instruction,
  outcome: Outcome,
  leaves: boolean,
  before: Result,
  rules: PipelineRules,
): number {
  if (outcome === "skipped") return rules.skipped.value;
  switch (instruction.kind) {
    case "alu":
    case "nop":
    case "trap":
      return rules.dataProcessing.value;
    case "it":
      return rules.ifThen.value;
    case "multiply":
      return (instruction.accumulate ? rules.multiplyAccumulate : rules.multiply).value;
    case "multiplyLong":
      return (instruction.accumulate ? rules.multiplyLongAccumulate : rules.multiplyLong).value;
    case "divide":
      return rules.divide.value;
    case "load":
      return (instruction.loadsPc ? rules.loadPc : rules.load).value;
    case "store":
      return (instruction.registerOffset ? rules.storeRegisterOffset : rules.store).value;
    case "loadPair":
    case "storePair":
      return rules.pair.value;
    case "loadMultiple":
      return (instruction.loadsPc ? rules.multiplePc : rules.multiple).value + instruction.count;
    case "storeMultiple":
      return rules.multiple.value + instruction.count;
    case "exclusive":
      return rules.exclusive.value;
    case "branch":
    case "call":
      return rules.branchInDecode.value;
    case "branchConditional":
      return (leaves ? rules.branchInDecode : rules.branchNotTaken).value;
    case "compareBranch":
      return (leaves ? rules.branchInExecute : rules.branchNotTaken).value;
    case "branchExchange":
      if (!isReturn(instruction)) return rules.branchInExecute.value;
      return (isLateReturn(before, instruction) ? rules.linkJustWritten : rules.branchInDecode).value;
    case "tableBranch":
      return rules.tableBranch.value;
    case "system":
      return rules.system.value;
    case "floatArithmetic":
      return floatRule(instruction.work, rules).value;
    case "floatMove":
      return rules.floatMove.value * instruction.words;
    case "floatLoad":
    case "floatStore":
      return rules.floatTransfer.value + instruction.words;
  }
}

function floatRule(work: FloatWork, rules: PipelineRules): Rule {
  switch (work) {
    case "simple":
      return rules.floatSimple;
    case "multiplyAdd":
      return rules.floatMultiplyAdd;
    case "divide":
      return rules.floatDivide;
  }
}

/** Wait states of a literal: of all data, only its address is known to be in flash. */
function literalWait(instruction: Instruction, { start, end, waitStates }: SlowMemory): number {
  const isLiteral = instruction.kind === "load" && instruction.address === 0;
  return isLiteral && instruction.at >= start && instruction.at < end ? waitStates : 0;
}
