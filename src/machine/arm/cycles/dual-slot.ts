/**
 * Cortex-M33: in order, one instruction a cycle in slot 0; some of 16 bits join the one before them in its last cycle, in
 * slot 1. Times are cycles relative to the end of the instructions before.
 */
import { NumberedStates } from "../../numbered-states.js";
import { cycles } from "../../../units.js";
import { alwaysLeaves, type Instruction as AnyInstruction } from "../../instruction.js";
import type { CycleModel, Outcome, PipelineState, Step } from "../../cycle-model.js";
import { armInstruction } from "../instruction.js";
import type { Instruction } from "../instruction.js";
import type { DualSlotRules } from "./cortex-m33.js";
import { mapLatency, resultsOf, takes, usesOf } from "./dual-slot-operands.js";
import type { Latency, Reader } from "./dual-slot-operands.js";
import { formOf, readsFlags, setsFlags } from "./forms.js";
import { isReturn } from "./operands.js";

/** What the instruction before is, for one in slot 1 of its last cycle. */
type Older = "none" | "plain" | "setsFlags" | "nop";

/** When a register can be read, by who reads it. */
type Ready = Latency;

interface Slots {
  readonly ready: ReadonlyMap<number, Ready>;
  readonly flags: number;
  readonly older: Older;
  /** Instructions left of an IT block. */
  readonly underIt: number;
  /** When the word that the next instruction begins in was fetched: 0, or before. */
  readonly fetched: number;
}

export interface DualSlotOptions {
  readonly name: string;
  readonly estimate: boolean;
  readonly rules: DualSlotRules;
}

/** The cycle of slot 1: the last of the instruction before. */
const slot1 = -1;

export function dualSlotModel({ name, estimate, rules }: DualSlotOptions): CycleModel {
  const states = new NumberedStates(keyOf);
  const start = states.number({ ready: new Map(), flags: 0, older: "none", underIt: 0, fetched: 0 });

  function step(state: PipelineState, given: AnyInstruction, outcome: Outcome): Step {
    const instruction = armInstruction(given);
    const before = states.state(state);
    if (outcome === "skipped") return skip(before, instruction);
    const leaves = outcome === "taken" || alwaysLeaves(instruction);
    const isSecond = joins(before, instruction, rules);
    const began = isSecond ? slot1 : earliest(before, instruction, rules);
    const end = isSecond
      ? costInSlot(instruction, leaves, before.older, rules)
      : began + takes(instruction, leaves, before.underIt > 0, rules);
    const ready = new Map(before.ready);
    for (const [register, latency] of resultsOf(instruction, rules)) {
      ready.set(
        register,
        mapLatency(latency, (cycle) => began + cycle),
      );
    }
    const flags = setsFlags(instruction, before.underIt > 0)
      ? began + flagsAfter(instruction, rules)
      : before.flags;
    const older = leaves || isSecond ? "none" : olderOf(instruction, before.underIt > 0);
    const underIt = instruction.kind === "it" ? instruction.conditions.length : before.underIt - 1;
    const fetched = leaves ? end : fetchedNext(before.fetched, instruction);
    return {
      cycles: cycles(end),
      next: states.number(relativeTo(end, { ready, flags, older, underIt, fetched })),
    };
  }

  function skip(before: Slots, instruction: Instruction): Step {
    const end = Math.max(0, wordsFetched(before.fetched, instruction, rules)) + rules.skipped.value;
    const older = instruction.size === 2 && rules.skippedIsNop.value > 0 ? "nop" : "none";
    const underIt = before.underIt - 1;
    const fetched = fetchedNext(before.fetched, instruction);
    return {
      cycles: cycles(end),
      next: states.number(relativeTo(end, { ...before, older, underIt, fetched })),
    };
  }

  return {
    name,
    estimate,
    start,
    step,
    feelsExecution: (given, next) => {
      const instruction = armInstruction(given);
      const mayPair = instruction.size === 2 && (next === undefined || next.size === 2);
      if (mayPair || instruction.reads !== 0) return true;
      if (takes(instruction, alwaysLeaves(instruction), true, rules) !== rules.skipped.value) return true;
      const latencies = [...resultsOf(instruction, rules)].flatMap(([, latency]) => Object.values(latency));
      return latencies.some((latency) => latency > rules.skipped.value);
    },
  };
}

/** Whether the instruction executes in slot 1 beside the one before it. */
function joins(before: Slots, instruction: Instruction, rules: DualSlotRules): boolean {
  if (before.older === "none" || instruction.size === 4 || before.fetched > slot1) return false;
  if (!mayJoin(before.older, instruction, rules)) return false;
  return usesOf(instruction).every(
    ({ register, reader, after }) => readyAt(before, register, reader) - after <= slot1,
  );
}

function mayJoin(older: Older, instruction: Instruction, rules: DualSlotRules): boolean {
  const { kind } = instruction;
  if (kind === "it") return rules.ifThenInSlot.value > 0;
  if (kind === "compareBranch") return rules.compareBranchInSlot.value > 0;
  if (kind === "branch" || kind === "branchConditional" || isReturn(instruction))
    return rules.branchInSlot.value > 0;
  const isBesideNop = older === "nop" && (kind === "alu" || kind === "load" || kind === "store");
  return isBesideNop && rules.behindNop.value > 0;
}

/** From the end of the instruction before to that of one in slot 1. */
function costInSlot(instruction: Instruction, leaves: boolean, older: Older, rules: DualSlotRules): number {
  if (!leaves) return 0;
  if (isReturn(instruction)) return rules.returnInSlot.value;
  return (older === "setsFlags" ? rules.branchTaken : rules.branchTakenInSlot).value;
}

/** E of an instruction in slot 0. */
function earliest(before: Slots, instruction: Instruction, rules: DualSlotRules): number {
  const needsFlags = instruction.kind === "branchConditional" || readsFlags(instruction);
  const waits = usesOf(instruction).map(
    ({ register, reader, after }) => readyAt(before, register, reader) - after,
  );
  const fetched = wordsFetched(before.fetched, instruction, rules);
  return Math.max(0, fetched, needsFlags ? before.flags : 0, ...waits);
}

const readyAt = ({ ready }: Slots, register: number, reader: Reader): number =>
  ready.get(register)?.[reader] ?? slot1;

/** When all words of the instruction are there. */
function wordsFetched(fetched: number, { at, size }: Instruction, rules: DualSlotRules): number {
  const straddles = size === 4 && (at & 2) !== 0;
  return fetched + (straddles ? rules.straddlingTarget.value : 0);
}

/** The same of the word behind the instruction: one arrives each cycle. */
const fetchedNext = (fetched: number, { at, size }: Instruction): number =>
  fetched + ((at + size) >>> 2) - (at >>> 2);

function olderOf(instruction: Instruction, underIt: boolean): Older {
  const { kind, size } = instruction;
  if (size === 4 || kind === "branchConditional" || kind === "compareBranch") return "none";
  if (kind === "nop") return "nop";
  return setsFlags(instruction, underIt) ? "setsFlags" : "plain";
}

function flagsAfter(instruction: Instruction, rules: DualSlotRules): number {
  const isShifted = instruction.kind === "alu" && formOf(instruction) === "shiftedOperand";
  return isShifted ? rules.flagsOfShiftedOperand.value : takes(instruction, false, false, rules);
}

/** The state with times relative to `end`, and what can no longer matter left out. */
function relativeTo(end: number, { ready, flags, older, underIt, fetched }: Slots): Slots {
  const oldest = older === "none" ? 0 : slot1;
  const kept = new Map<number, Ready>();
  for (const [register, cycle] of ready) {
    const shifted = mapLatency(cycle, (at) => Math.max(slot1, at - end));
    if (Object.values(shifted).some((at) => at > oldest)) kept.set(register, shifted);
  }
  return {
    ready: kept,
    flags: Math.max(0, flags - end),
    older,
    underIt: Math.max(0, underIt),
    fetched: Math.max(slot1, fetched - end),
  };
}

function keyOf({ ready, flags, older, underIt, fetched }: Slots): string {
  const registers = [...ready]
    .sort(([left], [right]) => left - right)
    .map(
      ([register, { operand, data, addend, extendAddend }]) =>
        `${register}:${operand},${data},${addend},${extendAddend}`,
    );
  return `${older} ${flags} ${underIt} ${fetched} ${registers.join(" ")}`;
}
