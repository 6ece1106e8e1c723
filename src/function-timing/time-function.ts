/** Calls a function of a program, and says what it took: in all, by function, by source line, by instruction. */
import type { Callable } from "../toolchain/callable.js";
import type { ElfSymbol } from "../toolchain/elf.js";
import { sourceLines } from "../toolchain/debug-lines.js";
import { disassembly } from "../toolchain/listing.js";
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { TimingEngineName } from "../emulators/engine.js";
import { FunctionCaller, type CallResult, type Stopped } from "../emulators/core/call.js";
import type { CallArgument } from "../emulators/core/call-arguments.js";
import { printable } from "../printable.js";
import type { Target } from "../targets/target.js";
import { CallCounter } from "../machine/call-tally.js";
import type { CallTally } from "../machine/call-tally.js";
import { Code } from "../machine/code.js";
import type { CycleModel } from "../machine/cycle-model.js";
import { machineOf } from "../machine/registry.js";
import { coreModel } from "../targets/core-model.js";
import { codeRanges } from "../toolchain/code-ranges.js";
import { refuseArguments } from "./refuse-arguments.js";
import { timingEngine, type TimingEngine } from "./engines.js";
import { findFunction } from "./find-function.js";

export interface TimeRequest {
  readonly callable: Callable;
  /** The file as messages name it. */
  readonly file: string;
  readonly function: string;
  readonly target: Target;
  /** In order. */
  readonly given: readonly CallArgument[];
  /** Calls that are made first, and not counted. */
  readonly before?: readonly { readonly function: string; readonly given: readonly CallArgument[] }[];
  /** 1 or more. Later calls find memory as earlier ones left it. */
  readonly repeat: number;
  /** Count the caller's call instruction too. */
  readonly withCall: boolean;
  /** Tell of each instruction. */
  readonly annotate: boolean;
  readonly engine: TimingEngineName;
  /** Instructions after which a call is given up. */
  readonly limit: number;
  /** Told now and then how many instructions a call has executed. */
  readonly onProgress: (instructions: number) => void;
}

export interface Cost {
  readonly instructions: number;
  readonly cycles: number;
}

export interface AnnotatedInstruction {
  readonly address: number;
  readonly function: string;
  /** Empty where there is no disassembler. */
  readonly text: string;
  readonly line: string | undefined;
  readonly count: number;
  readonly cycles: number;
}

export interface TimeReport {
  readonly version: 1;
  readonly file: string;
  readonly function: string;
  readonly target: string;
  readonly engine: string;
  readonly cycleModel: string;
  readonly estimate: boolean;
  readonly withCall: boolean;
  /** What the function returned, of the first call. JSON has it under the register's own name too. */
  readonly returned: { readonly register: string; readonly value: number };
  readonly calls: readonly Cost[];
  readonly first: Cost;
  readonly least: Cost;
  readonly most: Cost;
  /** Of the first call, the most expensive first; the caller's call instruction is in none. */
  readonly functions: readonly (Cost & { readonly name: string })[];
  /** Empty without debug information. */
  readonly lines: readonly (Cost & { readonly line: string })[];
  readonly instructions?: readonly AnnotatedInstruction[];
}

/**
 * @throws AllocGenError: exit code 2 where there is no such function, or it does not return or does what the core cannot,
 *   3 where Unicorn is asked for and missing.
 */
export function timeFunction(request: TimeRequest): TimeReport {
  const model = coreModel(request.target);
  refuseArguments(request.target, [request.given, ...(request.before ?? []).map(({ given }) => given)]);
  const engine = timingEngine(request.engine, machineOf(request.target));
  const called = callAll(request, engine, model, false);
  // What reads the cycle counter is called once more, with it: to tell of every instruction takes long.
  const outcome =
    called.kind === "stopped" && called.needsCycleCounter ? callAll(request, engine, model, true) : called;
  if (outcome.kind === "stopped") {
    const parameters = { called: outcome.called, what: outcome.message };
    throw new AllocGenError(2, [diagnose("call-stopped", parameters, { file: request.file })]);
  }
  const { first, results } = outcome;
  const call = callCycles(request, model);
  const resultName = machineOf(request.target).calls.result.name;
  const calls = results.map(({ tally: { instructions, cycles } }) => ({
    instructions: instructions + (request.withCall ? 1 : 0),
    cycles: cycles + call,
  }));
  return {
    ...describe(request, engine.title, model),
    [resultName]: first.result,
    returned: { register: resultName, value: first.result },
    ...extremes(calls),
    ...breakdown(request, first.tally),
  };
}

type Returned = CallResult & { readonly kind: "returned" };

/** The results of all calls; or of the first that stopped why, and which it was. */
type Called =
  | { readonly kind: "returned"; readonly first: Returned; readonly results: readonly Returned[] }
  | (Stopped & { readonly called: string });

function callAll(
  request: TimeRequest,
  engine: TimingEngine,
  model: CycleModel,
  cycleCounter: boolean,
): Called {
  const { callable, target, file, function: name, before = [] } = request;
  const addressOf = (called: string): number => findFunction(callable.elf, called, file).address;
  const entry = addressOf(name);
  const counter = new CallCounter(codeOf(callable), model, target.architecture);
  const options = {
    ...request,
    before: before.map((each) => ({ address: addressOf(each.function), given: each.given })),
    cycleCounter,
  };
  const caller = new FunctionCaller(callable.elf, target, options, counter, engine.makeProcessor);
  try {
    const prepared = caller.prepare();
    if (prepared !== undefined) return { ...prepared, called: before[prepared.index]?.function ?? "" };
    const results: Returned[] = [];
    let first: Returned | undefined;
    for (let call = 0; first === undefined || call < request.repeat; call += 1) {
      const result = caller.call(entry);
      if (result.kind === "stopped") return { ...result, called: name };
      first ??= result;
      results.push(result);
    }
    return { kind: "returned", first, results };
  } finally {
    caller.close();
  }
}

function describe(request: TimeRequest, engine: string, { name, estimate }: CycleModel) {
  const { file, function: called, target, withCall } = request;
  const about = {
    file: printable(file),
    function: printable(called),
    target: target.name,
    engine,
    cycleModel: name,
    estimate,
    withCall,
  };
  return { version: 1, ...about } as const;
}

function extremes(calls: readonly Cost[]): Pick<TimeReport, "calls" | "first" | "least" | "most"> {
  const none: Cost = { instructions: 0, cycles: 0 };
  const [first = none] = calls;
  const pick = (better: (left: Cost, right: Cost) => boolean): Cost =>
    calls.reduce((best, each) => (better(each, best) ? each : best), first);
  return {
    calls,
    first,
    least: pick((left, right) => left.cycles < right.cycles),
    most: pick((left, right) => left.cycles > right.cycles),
  };
}

/** A call from an aligned address, in a pipeline that waits for nothing. */
function callCycles({ target, withCall }: TimeRequest, model: CycleModel): number {
  return withCall ? model.step(model.start, machineOf(target).calls.call, "taken").cycles : 0;
}

/** Every executable section; all of it is code where no mapping symbol says otherwise. */
function codeOf({ elf }: Callable): Code {
  const sections = elf.sections.filter(({ executable, inFile, bytes }) => executable && inFile && bytes > 0);
  const ranges = sections.flatMap(({ address, bytes }) => {
    const whole = { start: address, end: address + bytes };
    const known = codeRanges(elf, whole);
    return known.length > 0 ? known : [whole];
  });
  return new Code(elf.machine, sections, ranges);
}

function breakdown(request: TimeRequest, { byInstruction }: CallTally) {
  const { callable, annotate } = request;
  const lineAt = sourceLines(callable.file);
  const functionAt = functionFinder(callable.elf.symbols);
  const functions = sumBy(byInstruction, ({ at }) => functionAt(at)).map(({ key, cost }) => ({
    name: key,
    ...cost,
  }));
  const byLine = sumBy(byInstruction, ({ at }) => lineAt(at)).map(({ key, cost }) => ({
    line: key,
    ...cost,
  }));
  if (!annotate) return { functions, lines: byLine };
  const texts = disassembly(callable.file, callable.elf.machine);
  const instructions = byInstruction.map(({ at, count, cycles }) => ({
    address: at,
    function: functionAt(at) ?? "",
    text: texts.get(at) ?? "",
    line: lineAt(at),
    count,
    cycles,
  }));
  return { functions, lines: byLine, instructions };
}

/** The most expensive first; what has no key is left out. */
function sumBy(
  tallies: CallTally["byInstruction"],
  keyOf: (tally: CallTally["byInstruction"][number]) => string | undefined,
): readonly { readonly key: string; readonly cost: Cost }[] {
  const sums = new Map<string, Cost>();
  for (const tally of tallies) {
    const key = keyOf(tally);
    if (key === undefined) continue;
    const { instructions, cycles } = sums.get(key) ?? { instructions: 0, cycles: 0 };
    sums.set(key, { instructions: instructions + tally.count, cycles: cycles + tally.cycles });
  }
  return [...sums]
    .map(([key, cost]) => ({ key, cost }))
    .sort((left, right) => right.cost.cycles - left.cost.cycles);
}

/** The function an address is in: the last symbol at or before it, a function before a label. */
function functionFinder(symbols: readonly ElfSymbol[]): (at: number) => string | undefined {
  const functions = symbols.filter(({ kind, defined }) => defined && kind === "function");
  const labels = symbols.filter(({ kind, defined }) => defined && kind === "other");
  const sorted = (functions.length > 0 ? functions : labels).toSorted(
    (left, right) => left.address - right.address,
  );
  return (at) => sorted.findLast(({ address }) => address <= at)?.name;
}
