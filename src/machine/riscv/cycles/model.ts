/** Cores with a short pipeline in order: each instruction has its price; one that needs what is not there yet waits for it. */
import { cycles } from "../../../units.js";
import type { CycleModel, CycleModelOptions, Outcome } from "../../cycle-model.js";
import { alwaysLeaves } from "../../instruction.js";
import { NumberedStates } from "../../numbered-states.js";
import { rd, rs1 } from "../decode/fields.js";
import { riscvInstruction, type Instruction } from "../instruction.js";
import { e31, e31Mispredicted, generic, hazard3, qingkeV2, type Rules } from "./rules.js";

type RuleSet = (typeof cycleRules)[number];
export const cycleRules = ["riscv-generic", "hazard3", "sifive-e31", "qingke-v2"] as const;

interface Named {
  readonly name: string;
  readonly estimate: boolean;
}

const models: Readonly<Record<RuleSet, (named: Named) => CycleModel>> = {
  "riscv-generic": (named) => inOrderModel(named, generic),
  hazard3: (named) => inOrderModel(named, hazard3),
  "sifive-e31": (named) => ({ ...inOrderModel(named, e31), worst: inOrderModel(named, e31Mispredicted) }),
  "qingke-v2": (named) => inOrderModel(named, qingkeV2),
};

/** @throws Error where there are no such rules, and for flash with wait states, which is not modelled. */
export function cycleModel({ name, estimate, rules, flash }: CycleModelOptions): CycleModel {
  const found = cycleRules.find((known) => known === rules);
  if (found === undefined) throw new Error(`no rules ${rules} of a RISC-V core`);
  if (flash.waitStates > 0) throw new Error("wait states of flash are not modelled on RISC-V");
  return models[found]({ name, estimate });
}

interface State {
  /** Registers whose values are not there yet, and the cycles until they are; sorted. */
  readonly pending: readonly (readonly [register: number, cycles: number])[];
  /** Whether control has just come from elsewhere. */
  readonly afterBranch: boolean;
}

/** Stands for the unit that multiplies and divides: it does one at a time. */
const multiplier = 32;

/** Exported for the tests of single rules. */
export function inOrderModel({ name, estimate }: Named, rules: Rules): CycleModel {
  const states = new NumberedStates(
    ({ pending, afterBranch }: State) => `${afterBranch} ${pending.join(" ")}`,
  );
  return {
    name,
    estimate,
    start: states.number({ pending: [], afterBranch: true }),
    step(number, given, outcome) {
      const instruction = riscvInstruction(given);
      const { pending, afterBranch } = states.state(number);
      const isUnaligned = afterBranch && instruction.size === 4 && instruction.at % 4 !== 0;
      const waits = Math.max(
        isUnaligned ? rules.unalignedTarget.value : 0,
        ...pending.map(([register, left]) => (needs(instruction, register, rules) ? left : 0)),
      );
      const price = costOf(instruction, outcome, rules) + waits;
      const late = resultsOf(instruction, rules);
      const left = pending
        .map(([register, then]) => [register, then - price] as const)
        .filter(([register, then]) => then > 0 && !late.some(([written]) => written === register));
      const next = {
        pending: [...left, ...late].sort(([first], [second]) => first - second),
        afterBranch: outcome === "taken" || alwaysLeaves(instruction),
      };
      return { cycles: cycles(price), next: states.number(next) };
    },
    feelsExecution: () => true,
  };
}

/** What an instruction leaves that is not there when the next one begins: each register, and the cycles that it is late. */
function resultsOf({ kind, expanded, memory }: Instruction, rules: Rules): State["pending"] {
  const late = (cyclesLate: number): State["pending"] =>
    cyclesLate === 0 || rd(expanded) === 0 ? [] : [[rd(expanded), cyclesLate]];
  switch (kind) {
    case "load":
    case "atomic":
      return late((memory?.elementBytes === 4 ? rules.loadUse : rules.narrowLoadUse).value);
    case "multiply": {
      const { value } = rules.multiplyUse;
      return value === 0 ? [] : [...late(value), [multiplier, value]];
    }
    case "csr":
      return late(rules.csrUse.value);
    case "alu":
    case "divide":
    case "store":
    case "branch":
    case "jump":
    case "jumpRegister":
    case "fence":
    case "trap":
      return [];
  }
}

function needs({ reads, writes, kind, expanded }: Instruction, register: number, rules: Rules): boolean {
  if (register === multiplier) return kind === "multiply" || kind === "divide";
  const bit = 1 << register;
  if ((writes & bit) !== 0 && rules.writeWaits.value !== 0) return true;
  if ((reads & bit) === 0) return false;
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
