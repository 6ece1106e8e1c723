/** When the results of an instruction can be read on Cortex-M7. */
import type { Instruction } from "../instruction.js";
import type { DualIssueRules } from "./cortex-m7.js";
import { isPlainShift, mapLatency, mayGoEarly, membersOf, type Latency } from "./dual-issue-operands.js";
import { formOf } from "./forms.js";
import { writtenBackBy } from "./operands.js";

/** How an instruction was issued. */
export interface Issue {
  readonly isOlder: boolean;
  /** Whether all its sources could be read early. */
  readonly hasSources: boolean;
  /** Whether the other of the pair goes through the shifter. */
  readonly besideShifter: boolean;
}

/** Whether data processing executes in the early ALU. */
export function goesEarly(instruction: Instruction, { isOlder, hasSources, besideShifter }: Issue): boolean {
  if (!hasSources) return false;
  return isPlainShift(instruction) ? !besideShifter : isOlder && mayGoEarly(instruction);
}

/** Cycles from E to that of readers, by register. */
export function resultsOf(
  instruction: Instruction,
  issue: Issue,
  rules: DualIssueRules,
): ReadonlyMap<number, Latency> {
  const results = new Map<number, Latency>();
  const latency = latencyOf(instruction, issue, rules);
  const base = writtenBackBy(instruction);
  const isInTurn = instruction.kind === "loadMultiple" || instruction.kind === "loadPair";
  for (const [turn, register] of membersOf(instruction.writes & ~base).entries()) {
    const later = isInTurn ? Math.floor(turn / rules.registersEachCycle.value) : 0;
    results.set(
      register,
      mapLatency(latency, (cycles) => cycles + later),
    );
  }
  for (const register of membersOf(base)) results.set(register, writtenBack(rules));
  return results;
}

function writtenBack(rules: DualIssueRules): Latency {
  const soon = rules.writtenBackBase.value;
  const early = rules.writtenBackBaseToEarly.value;
  return { ...all(soon), early };
}

const all = (cycles: number): Latency => ({
  late: cycles,
  lateBesideEarly: cycles,
  early: cycles,
  base: cycles,
  index: cycles,
  factor: cycles,
  data: cycles,
  addend: cycles,
});

const toEarly = (cycles: number): Pick<Latency, "early" | "base" | "index"> => ({
  early: cycles,
  base: cycles,
  index: cycles,
});

function latencyOf(instruction: Instruction, issue: Issue, rules: DualIssueRules): Latency {
  const { kind } = instruction;
  if (kind === "alu") return arithmetic(instruction, issue, rules);
  if (kind === "load" || kind === "loadPair" || kind === "loadMultiple") return loaded(instruction, rules);
  if (kind === "multiply" || kind === "multiplyLong") {
    const data = rules.productToData.value;
    const address = rules.productToAddress.value;
    const early = rules.productToEarly.value;
    return { ...all(rules.product.value), early, base: address, index: address, data, addend: data };
  }
  if (kind === "divide") return { ...all(rules.divide.value), ...toEarly(rules.divide.value + 1) };
  return all(kind === "system" || kind === "exclusive" ? rules.system.value : 1);
}

function arithmetic(instruction: Instruction, issue: Issue, rules: DualIssueRules): Latency {
  if (goesEarly(instruction, issue))
    return {
      ...all(rules.earlyResult.value),
      ...toEarly(rules.earlyResultToEarly.value),
      data: 0,
      addend: 0,
    };
  const early = toEarly(rules.lateResultToEarly.value);
  const late = formOf(instruction) === "reverse" ? rules.reverseResult : rules.lateResult;
  return { ...all(late.value), ...early, data: 0, addend: 0 };
}

function loaded(instruction: Instruction, rules: DualIssueRules): Latency {
  const isNarrow = (instruction.memory?.elementBytes ?? 4) < 4;
  const more = isNarrow ? rules.loadNarrow.value : 0;
  const early = rules.loadResultToEarly.value + more;
  return {
    late: rules.loadResult.value + more,
    // Of a byte or a halfword it is not later than it is anyway.
    lateBesideEarly: Math.max(rules.loadResultBesideEarly.value, rules.loadResult.value + more),
    early,
    base: early,
    index: isNarrow ? early : rules.loadResultToIndex.value,
    factor: rules.loadResultToProduct.value,
    data: 0,
    addend: more,
  };
}
