/** Cortex-M0, Cortex-M0+ and Cortex-M23: each instruction has its price; wait states come on top. */
import { cycles } from "../../../units.js";
import { armInstruction, type Instruction } from "../instruction.js";
import { alwaysLeaves } from "../../instruction.js";
import type { CycleModel, PipelineState } from "../../cycle-model.js";
import type { BaselineRules, SimpleRules } from "./cortex-m0.js";
import type { RamTiming, SlowMemory } from "../../cycle-model.js";
import { dataWaits } from "./memory-waits.js";

export interface SimpleOptions {
  readonly name: string;
  readonly estimate: boolean;
  readonly rules: SimpleRules | BaselineRules;
  readonly flash: SlowMemory;
  readonly ram: RamTiming;
}

/**
 * The state is the cycles since the flash line that is being executed arrived, at most the wait states: what prefetch
 * has had time for. It is 0 behind a branch, where the line is not there yet.
 */
export function simpleModel({ name, estimate, rules, flash, ram }: SimpleOptions): CycleModel {
  const afterBranch: PipelineState = -1;

  function waits(state: PipelineState, { at, size }: Instruction): readonly number[] {
    if (flash.waitStates === 0 || at < flash.start || at >= flash.end) return [];
    const lines: number[] = [];
    for (let half = at; half < at + size; half += 2) {
      if (state === afterBranch && half === at) lines.push(flash.waitStates);
      else if (half % flash.lineBytes === 0) {
        const ahead = flash.prefetch && half === at ? Math.max(0, state) : 0;
        lines.push(flash.waitStates - Math.min(flash.waitStates, ahead));
      }
    }
    return lines;
  }

  return {
    name,
    estimate,
    start: afterBranch,
    step(state, given, outcome) {
      const instruction = armInstruction(given);
      const leaves = outcome === "taken" || alwaysLeaves(instruction);
      const waited = waits(state, instruction);
      const own = costOf(instruction, leaves, rules) + dataWaits(instruction, flash, ram);
      const price = cycles(own + waited.reduce((sum, wait) => sum + wait, 0));
      if (leaves) return { cycles: price, next: afterBranch };
      const since = waited.length > 0 ? own : Math.max(0, state) + own;
      return {
        cycles: price,
        next: flash.waitStates === 0 ? afterBranch : Math.min(flash.waitStates, since),
      };
    },
    feelsExecution: () => true,
  };
}

function costOf(instruction: Instruction, leaves: boolean, rules: SimpleRules | BaselineRules): number {
  return "divide" in rules
    ? (costOnBaseline(instruction, leaves, rules) ?? simpleCost(instruction, leaves, rules))
    : simpleCost(instruction, leaves, rules);
}

/** Undefined: ARMv6-M has it too. */
function costOnBaseline(instruction: Instruction, leaves: boolean, rules: BaselineRules): number | undefined {
  const { kind, size } = instruction;
  if (kind === "alu" && size === 4) return rules.moveHalf.value;
  if (kind === "branch" && size === 4) return rules.branchFar.value;
  if (kind === "divide") return rules.divide.value;
  if (kind === "compareBranch")
    return (leaves ? rules.compareBranchTaken : rules.compareBranchNotTaken).value;
  return kind === "exclusive" ? rules.exclusive.value : undefined;
}

function simpleCost(instruction: Instruction, leaves: boolean, rules: SimpleRules): number {
  switch (instruction.kind) {
    case "alu":
    case "nop":
    case "trap":
      return rules.dataProcessing.value;
    case "multiply":
      return rules.multiply.value;
    case "load":
      return rules.load.value;
    case "store":
      return rules.store.value;
    case "loadMultiple":
      return (instruction.loadsPc ? rules.multiplePc : rules.multiple).value + instruction.count;
    case "storeMultiple":
      return rules.multiple.value + instruction.count;
    case "branch":
    case "branchConditional":
      return (leaves ? rules.branchTaken : rules.branchNotTaken).value;
    case "call":
      return rules.call.value;
    case "branchExchange":
      return rules.branchExchange.value;
    case "system":
      return (instruction.size === 2 ? rules.changeState : rules.system).value;
    case "it":
    case "multiplyLong":
    case "divide":
    case "loadPair":
    case "storePair":
    case "exclusive":
    case "compareBranch":
    case "tableBranch":
    case "floatArithmetic":
    case "floatMove":
    case "floatLoad":
    case "floatStore":
      throw new Error(`this core has no ${instruction.kind}`);
  }
}
