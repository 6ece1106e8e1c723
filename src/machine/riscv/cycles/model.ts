/** Cores with a short pipeline: each instruction has its price; one that needs what was just loaded waits for it. */
import { cycles } from "../../../units.js";
import type { CycleModel, CycleModelOptions, Outcome, PipelineState } from "../../cycle-model.js";
import { alwaysLeaves } from "../../instruction.js";
import { rd, rs1 } from "../decode/fields.js";
import { riscvInstruction, type Instruction } from "../instruction.js";
import { generic, hazard3, type Rules } from "./rules.js";

const rulesOf = { "riscv-generic": generic, hazard3 } as const;

export const cycleRules = ["riscv-generic", "hazard3"] as const;

/** @throws Error where there are no such rules, and for flash with wait states, which is not modelled. */
export function cycleModel({ name, estimate, rules, flash }: CycleModelOptions): CycleModel {
  const found = cycleRules.find((known) => known === rules);
  if (found === undefined) throw new Error(`no rules ${rules} of a RISC-V core`);
  if (flash.waitStates > 0) throw new Error("wait states of flash are not modelled on RISC-V");
  return inOrderModel(name, estimate, rulesOf[found]);
}

/** The state is the register that the last instruction loaded, 0 of none; from 32 on of a byte or a halfword. */
const narrow = 32;
/** Behind a branch that was taken: there everything loaded has arrived, and the target may be unaligned. */
const afterBranch: PipelineState = 64;

function inOrderModel(name: string, estimate: boolean, rules: Rules): CycleModel {
  const waits = (state: PipelineState, instruction: Instruction): number => {
    if (state === afterBranch)
      return instruction.size === 4 && instruction.at % 4 !== 0 ? rules.unalignedTarget.value : 0;
    const loaded = state % narrow;
    if (loaded === 0 || !needsAtOnce(instruction, loaded, rules)) return 0;
    return (state >= narrow ? rules.narrowLoadUse : rules.loadUse).value;
  };
  return {
    name,
    estimate,
    start: afterBranch,
    step(state, given, outcome) {
      const instruction = riscvInstruction(given);
      const price = cycles(costOf(instruction, outcome, rules) + waits(state, instruction));
      const leaves = outcome === "taken" || alwaysLeaves(instruction);
      return { cycles: price, next: leaves ? afterBranch : loadedBy(instruction) };
    },
    feelsExecution: () => true,
  };
}

function loadedBy({ kind, expanded, memory }: Instruction): PipelineState {
  if (kind !== "load" && kind !== "atomic") return 0;
  return rd(expanded) + (memory?.elementBytes === 4 || rd(expanded) === 0 ? 0 : narrow);
}

function needsAtOnce({ reads, kind, expanded }: Instruction, register: number, rules: Rules): boolean {
  if ((reads & (1 << register)) === 0) return false;
  return kind !== "store" || rs1(expanded) === register || rules.storeWaits.value !== 0;
}

function costOf({ kind, at, flow }: Instruction, outcome: Outcome, rules: Rules): number {
  switch (kind) {
    case "branch": {
      const isBackward = flow.kind === "branch" && flow.target <= at;
      if (outcome === "taken") return (isBackward ? rules.backwardTaken : rules.forwardTaken).value;
      return (isBackward ? rules.backwardNotTaken : rules.forwardNotTaken).value;
    }
    case "trap":
      return rules.jump.value;
    case "alu":
    case "multiply":
    case "divide":
    case "load":
    case "store":
    case "atomic":
    case "jump":
    case "jumpRegister":
    case "csr":
    case "fence":
      return rules[kind].value;
  }
}
