/**
 * Cortex-M7: in order, two instructions a cycle, an older and a younger. Times are cycles relative to the next one; the
 * cycle before it, -1, has a place for a younger where it has an older alone.
 */
import { NumberedStates } from "../../numbered-states.js";
import { cycles } from "../../../units.js";
import type { Instruction as AnyInstruction } from "../../instruction.js";
import type { CycleModel, Outcome, PipelineState, Step } from "../../cycle-model.js";
import { alwaysLeaves } from "../../instruction.js";
import { armInstruction } from "../instruction.js";
import type { Instruction } from "../instruction.js";
import type { DualIssueRules } from "./cortex-m7.js";
import {
  aloneFor,
  isBranch,
  isPlainShift,
  mapLatency,
  mayPair,
  traitsOf,
  usesOf,
  usesShifter,
  waitsForFlags,
  type Latency,
  type Reader,
  type Traits,
} from "./dual-issue-operands.js";
import { goesEarly, resultsOf, type Issue } from "./dual-issue-results.js";
import { formOf, setsFlags } from "./forms.js";

/** The instruction that has the cycle before alone so far. */
interface Older {
  readonly traits: Traits;
  /** Of a shift that executes early, what it would be beside an operand that is shifted. */
  readonly demoted: ReadonlyMap<number, Latency>;
}

interface Issued {
  readonly ready: ReadonlyMap<number, Latency>;
  /** When what waits for flags can be issued. */
  readonly flags: number;
  /** Cycles since flags were set, up to where they no longer matter. */
  readonly flagsSince: number;
  readonly older: Older | undefined;
  /** Instructions left of an IT block. */
  readonly underIt: number;
  /** When the bytes that the next instruction begins in were fetched. */
  readonly fetched: number;
}

export interface DualIssueOptions {
  readonly name: string;
  readonly estimate: boolean;
  readonly rules: DualIssueRules;
  /** Whether branches go where they were predicted to go; else every one whose way is not certain does not. */
  readonly isPredicted: boolean;
}

/** The cycle that a younger joins. */
const before = -1;
/** Cycles behind flags from which a misprediction is found early. */
const knownFlags = 3;

export function dualIssueModel({ name, estimate, rules, isPredicted }: DualIssueOptions): CycleModel {
  const states = new NumberedStates(keyOf);
  const fresh: Issued = {
    ready: new Map(),
    flags: 0,
    flagsSince: knownFlags,
    older: undefined,
    underIt: 0,
    fetched: 0,
  };
  const start = states.number(fresh);

  function step(state: PipelineState, given: AnyInstruction, outcome: Outcome): Step {
    const instruction = armInstruction(given);
    const issued = states.state(state);
    const isSkipped = outcome === "skipped" && isBranch(instruction);
    const leaves = !isSkipped && (outcome === "taken" || alwaysLeaves(instruction));
    const joined = join(issued, instruction, rules);
    const ready = joined?.ready ?? issued.ready;
    const at = joined === undefined ? earliest(issued, instruction, rules) : before;
    const alone = aloneFor(instruction, rules);
    const isUncertain = isBranch(instruction) && !isCertain(instruction) && !isPredicted;
    const penalty = isUncertain ? mispredictionOf(instruction, issued.flagsSince + at, rules) : 0;
    const end = at + (alone ?? 1) + penalty;
    const issue: Issue = {
      isOlder: joined === undefined,
      hasSources: usesOf(instruction).every(({ register }) => readyAt(ready, register, "early") <= at),
      besideShifter: joined !== undefined && (issued.older?.traits.shifter ?? false),
    };
    const results = resultsOf(instruction, issue, rules);
    const next = new Map(ready);
    for (const [register, latency] of results) next.set(register, shift(latency, at));
    const isFlagged = setsFlags(instruction, issued.underIt > 0);
    const flagsAfter =
      usesShifter(instruction) && formOf(instruction) === "shiftedOperand"
        ? rules.flagsOfShiftedOperand
        : rules.flags;
    const mayHaveYounger = joined === undefined && alone === undefined && !isUncertain;
    return {
      cycles: cycles(end),
      next: states.number(
        relativeTo(
          end,
          {
            ready: next,
            flags: isFlagged ? at + flagsAfter.value : issued.flags,
            flagsSince: isFlagged ? end - at : issued.flagsSince + end,
            older: mayHaveYounger ? olderOf(instruction, issue, at) : undefined,
            underIt: instruction.kind === "it" ? instruction.conditions.length : issued.underIt - 1,
            fetched: isUncertain ? end : fetchedNext(issued.fetched, instruction, leaves, rules),
          },
          rules,
        ),
      ),
    };
  }

  function olderOf(instruction: Instruction, issue: Issue, at: number): Older {
    const isEarlyShift = isPlainShift(instruction) && goesEarly(instruction, issue);
    const late = { ...issue, besideShifter: true };
    const demoted = isEarlyShift ? [...resultsOf(instruction, late, rules)] : [];
    return {
      traits: traitsOf(instruction),
      demoted: new Map(demoted.map(([register, latency]) => [register, shift(latency, at)])),
    };
  }

  // What IT skips occupies what it would if it were executed.
  return { name, estimate, start, step, feelsExecution: () => false };
}

/** What can be read when, if the instruction is issued as the younger of the cycle before; undefined: it is not. */
function join(
  issued: Issued,
  instruction: Instruction,
  rules: DualIssueRules,
): { readonly ready: Issued["ready"] } | undefined {
  const { older, ready, flags } = issued;
  if (older === undefined || aloneFor(instruction, rules) !== undefined) return undefined;
  if (!mayPair(older.traits, traitsOf(instruction), rules)) return undefined;
  const beside = usesShifter(instruction) ? new Map([...ready, ...older.demoted]) : ready;
  const isReady = usesOf(instruction).every(
    ({ register, reader }) => readyAt(beside, register, reader) <= before,
  );
  const hasFlags = !waitsForFlags(instruction) || flags <= before;
  const isFetched = wholeFetched(issued.fetched, instruction, rules) <= before;
  return isReady && hasFlags && isFetched ? { ready: beside } : undefined;
}

/** The cycle in which the instruction is issued as an older. */
function earliest(issued: Issued, instruction: Instruction, rules: DualIssueRules): number {
  const waits = usesOf(instruction).map(({ register, reader }) => readyAt(issued.ready, register, reader));
  const flags = waitsForFlags(instruction) ? issued.flags : 0;
  return Math.max(0, wholeFetched(issued.fetched, instruction, rules), flags, ...waits);
}

const readyAt = (ready: Issued["ready"], register: number, reader: Reader): number =>
  ready.get(register)?.[reader] ?? before;

/** B and BL go where they always go. */
const isCertain = ({ kind }: Instruction): boolean => kind === "branch" || kind === "call" || kind === "trap";

function mispredictionOf({ kind }: Instruction, flagsSince: number, rules: DualIssueRules): number {
  const isKnown = kind === "branchConditional" && flagsSince >= knownFlags;
  return (isKnown ? rules.mispredictionOfKnownFlags : rules.misprediction).value;
}

/** When the last byte of the instruction is there. */
function wholeFetched(fetched: number, { at, size }: Instruction, { fetchBytes }: DualIssueRules): number {
  return fetched + Math.floor((at + size - 1) / fetchBytes.value) - Math.floor(at / fetchBytes.value);
}

/** The same of where control goes on: fetch runs ahead through branches that are predicted. */
function fetchedNext(
  fetched: number,
  { at, size }: Instruction,
  leaves: boolean,
  { fetchBytes }: DualIssueRules,
): number {
  const last = fetched + Math.floor((at + size - 1) / fetchBytes.value) - Math.floor(at / fetchBytes.value);
  return leaves || (at + size) % fetchBytes.value === 0 ? last + 1 : last;
}

const shift = (latency: Latency, by: number): Latency => mapLatency(latency, (cycle) => cycle + by);

/** The state with times relative to `end`, and what can no longer matter left out. */
function relativeTo(end: number, issued: Issued, { fetchAhead }: DualIssueRules): Issued {
  const oldest = issued.older === undefined ? 0 : before;
  const kept = (times: Issued["ready"]): Issued["ready"] => {
    const found = new Map<number, Latency>();
    for (const [register, latency] of times) {
      const later = mapLatency(latency, (cycle) => Math.max(before, cycle - end));
      if (Object.values(later).some((time) => time > oldest)) found.set(register, later);
    }
    return found;
  };
  return {
    ready: kept(issued.ready),
    flags: Math.max(before, issued.flags - end),
    flagsSince: Math.min(knownFlags + 1, issued.flagsSince),
    older: issued.older && { traits: issued.older.traits, demoted: kept(issued.older.demoted) },
    underIt: Math.max(0, issued.underIt),
    fetched: Math.max(-fetchAhead.value, issued.fetched - end),
  };
}

function keyOf({ ready, flags, flagsSince, older, underIt, fetched }: Issued): string {
  const text = (times: Issued["ready"]): string =>
    [...times]
      .sort(([left], [right]) => left - right)
      .map(([register, latency]) => `${register}:${Object.values(latency).join(",")}`)
      .join(" ");
  const pair = older && `${Object.values(older.traits).map(Number).join("")} ${text(older.demoted)}`;
  return `${flags} ${flagsSince} ${underIt} ${fetched} ${text(ready)} ${pair}`;
}
