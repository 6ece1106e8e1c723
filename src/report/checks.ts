/** Everything a run checked, one by one, for formats that list checks or failures. */
import type { Source } from "../config/resolve-document.js";
import type { OutputProof } from "../outputs/output.js";
import { namesOf } from "../traces/operation.js";
import type { ProbeMismatch } from "../verify/probes/run-probes.js";
import type { InjectionFailure } from "../verify/injection/injection.js";
import { mismatchLines, mismatchTitle } from "./mismatch.js";
import { regressionLimit } from "./regression.js";
import { boundOfRuns, isAbove, provenFigures } from "./proofs.js";
import type { HeapReport, Report, WorkloadReport } from "./report.js";
import { formatCount, formatFigure } from "./table.js";
import type { WrongPrediction } from "../verify/verification.js";

/** What can be wrong, and what it means. */
export const rules = {
  difference: "The C and the reference differ.",
  "wrong-prediction": "An operation's cycles differ from those that the reference predicts from its path.",
  "above-bound": "A call exceeded its proven bound: the proof, the cycle model or the engine is wrong.",
  "over-budget": "A figure exceeds its budget in the config.",
  regression: "A figure exceeds the baseline by more than is allowed.",
  unprotected:
    "A function uses the heap with interrupts let in, leaves their mask changed, or an interrupt damages the heap.",
  "missed-misuse":
    "Misuse that the heap is to find passed, hung the core, or reached memory that is not the heap's.",
} as const;

export type Rule = keyof typeof rules;

export interface Failure {
  readonly rule: Rule;
  /** One sentence without a full stop. */
  readonly message: string;
  /** Lines to read below it. */
  readonly details?: readonly string[];
  /** Where it is best looked at, if there is such a place. */
  readonly place?: Source;
  /** What tells it from other failures of its check, if there may be several. */
  readonly what?: string;
}

export interface Check {
  /** What kind of thing was checked: "workload", "bound" … */
  readonly group: string;
  /** One of its group; the same in every run. */
  readonly name: string;
  /** Empty: it is as it should be. */
  readonly failures: readonly Failure[];
  /** What is not as it should be and fails no run. */
  readonly warnings?: readonly Failure[];
  /** Why it could not be checked. */
  readonly skipped?: string;
  /** What there is to say of it beside the outcome. */
  readonly note?: string;
}

/** "alloc-gen.json:12:5" as the only element, or nothing. */
export function describeLocation(place: Source | undefined): readonly string[] {
  if (place === undefined) return [];
  return [[place.file, place.line, place.column].filter((part) => part !== undefined).join(":")];
}

/** The checks of one heap, or of what an output proved. */
export interface Suite {
  /** "app_heap for cortex-m4" */
  readonly name: string;
  /** C identifier. */
  readonly heap: string;
  readonly checks: readonly Check[];
  /** Of the run. */
  readonly seconds?: number;
}

/** In the order of the report. */
export function suitesOf({ heaps, outputProofs }: Report): readonly Suite[] {
  return [
    ...heaps.map((heap) => ({
      name: `${heap.name} for ${heap.target}`,
      heap: heap.name,
      checks: checksOfHeap(heap),
      seconds: Object.values(heap.seconds).reduce((sum, spent) => sum + spent, 0),
    })),
    ...outputProofs.map((proof) => ({
      name: proof.title,
      heap: proof.subject,
      checks: [checkOfProof(proof)],
    })),
  ];
}

/** A heap's report before it is judged. */
export type Findings = Omit<HeapReport, "ok">;

/** Every check of a heap's run; it is ok when none fails. */
export function checksOfHeap(heap: Findings): readonly Check[] {
  return [
    ...heap.workloads.map((workload) => workloadCheck(heap, workload)),
    ...heap.workloads.map((workload) => predictionCheck(heap, workload)),
    interfaceCheck(heap),
    ...boundChecks(heap),
    ...interruptChecks(heap),
    ...misuseChecks(heap),
    coverageCheck(heap),
    ...heap.budgets.map(budgetCheck),
    ...baselineChecks(heap),
  ];
}

function workloadCheck(heap: Findings, { name, operations, mismatch, place }: WorkloadReport): Check {
  const check = { group: "workload", name, note: `${formatCount(operations)} operations` };
  if (mismatch === undefined) return { ...check, failures: [] };
  const failure: Failure = {
    rule: "difference",
    message: mismatchTitle(name, mismatch),
    details: mismatchLines(mismatch).map((line) => line.text),
    place: sourceLocation(mismatch.source, heap.sourceFolder) ?? place,
  };
  return { ...check, failures: [failure] };
}

/** "app_heap.c:120" as a place; undefined where it is not known. */
function sourceLocation(source: string | undefined, folder: string | undefined): Source | undefined {
  const [, name, line] = /^(.*):(\d+)$/.exec(source ?? "") ?? [];
  if (name === undefined || line === undefined) return undefined;
  return { file: folder === undefined || folder === "" ? name : `${folder}/${name}`, line: Number(line) };
}

function predictionCheck({ strict }: Findings, workload: WorkloadReport): Check {
  const { name, wrongPrediction, place } = workload;
  const counts = namesOf(workload).map((called) => workload[called]?.predicted ?? { exact: 0, wrong: 0 });
  const exact = counts.reduce((sum, count) => sum + count.exact, 0);
  const all = exact + counts.reduce((sum, count) => sum + count.wrong, 0);
  const note = `the cycles of ${formatCount(exact)} of ${formatCount(all)} operations predicted exactly`;
  if (wrongPrediction === undefined) return { group: "prediction", name, failures: [], note };
  const failure: Failure = {
    rule: "wrong-prediction",
    message: `${name}, ${describeWrong(wrongPrediction)}`,
    place,
  };
  const check = { group: "prediction", name, note };
  return strict ? { ...check, failures: [failure] } : { ...check, failures: [], warnings: [failure] };
}

/** "operation 7: free takes 41 cycles, 40 were predicted for its path (1f with loops 0: 3)" */
export function describeWrong(wrong: WrongPrediction): string {
  const { operation, predicted, measured, function: name, path } = wrong;
  return `operation ${operation}: ${name} takes ${measured} cycles, ${predicted} were predicted for its path (${path})`;
}

function interfaceCheck({ interface: called }: Findings): Check {
  const { functions, calls, states, mismatch, notRun } = called;
  const tried = `${functions} functions called ${formatCount(calls)} times, all looking in ${states} states`;
  const note = [tried, ...notRun.map(({ what, reason }) => `not run: ${what}: ${reason}`)].join("\n");
  const check = { group: "interface", name: "functions", note };
  if (mismatch === undefined) return { ...check, failures: [] };
  const failure: Failure = {
    rule: "difference",
    message: describeProbe(mismatch),
    details: ["Calls before it:", ...mismatch.before.map((line) => `  ${line}`)],
  };
  return { ...check, failures: [failure] };
}

/** "app_heap_walk: walk(visit): 3 blocks in the reference, 2 blocks on the core" */
export const describeProbe = ({ function: name, call, expected, found }: ProbeMismatch): string =>
  `${name}: ${call}: ${expected} in the reference, ${found} on the core`;

function boundChecks({ proofs }: Findings): readonly Check[] {
  return proofs.flatMap((proof) =>
    provenFigures.flatMap(({ key, name, excess }): readonly Check[] => {
      const figure = proof[key];
      if (figure === undefined) return [];
      const check = { group: "bound", name: `${proof.function} ${name}` };
      if (!("bound" in figure)) return [{ ...check, failures: [], skipped: figure.unproven }];
      const { bound, observed, formula } = figure;
      const seen = observed === undefined ? "not called" : `${formatCount(observed)} seen`;
      const note = `${formatCount(bound)} proven, ${seen}${formula === undefined ? "" : `: ${formula}`}`;
      if (!isAbove(figure)) return [{ ...check, failures: [], note }];
      const message = `${proof.function} ${excess(figure.observed, boundOfRuns(figure) ?? figure.bound)}`;
      return [{ ...check, failures: [{ rule: "above-bound", message }], note }];
    }),
  );
}

/** A function that is called with interrupts in between. */
function interruptChecks({ interrupts, sourceFolder }: Findings): readonly Check[] {
  if (interrupts === undefined) return [];
  const wrong = [...interrupts.unmasked, ...interrupts.broken];
  const failuresOf = (name: string): readonly Failure[] =>
    wrong
      .filter((each) => each.function === name)
      .map(({ call, message, source }, index): Failure => {
        const place = sourceLocation(source, sourceFolder);
        const at = source === undefined ? "" : ` (${source})`;
        return {
          rule: "unprotected",
          message: `${call}: ${message}${at}`,
          ...(place === undefined ? {} : { place }),
          what: String(index),
        };
      });
  const called = interrupts.functions.map(({ name, calls, boundaries, open }): Check => {
    const note = `${formatCount(boundaries)} boundaries in ${formatCount(calls)} calls, interrupts let in at ${formatCount(open)}`;
    return { group: "interrupts", name, failures: failuresOf(name), note };
  });
  const names = new Set(interrupts.functions.map(({ name }) => name));
  const others = new Set(wrong.map((each) => each.function).filter((name) => !names.has(name)));
  return [
    ...called,
    ...[...others].map((name): Check => ({ group: "interrupts", name, failures: failuresOf(name) })),
  ];
}

/** Misuse that was injected. */
function misuseChecks({ injection }: Findings): readonly Check[] {
  if (injection === undefined) return [];
  const { counts, failure } = injection;
  const failed = failure === undefined ? [] : [misuseFailure(failure)];
  if (counts.length === 0) return [{ group: "misuse", name: "none", failures: failed }];
  return counts.map(({ misuse, tried, undetected }) => ({
    group: "misuse",
    name: misuse,
    failures: misuse === failure?.misuse ? failed : [],
    note: `${formatCount(tried)} tried, ${formatCount(undetected)} undetected`,
  }));
}

const misuseFailure = ({ misuse, what, expected, found }: InjectionFailure): Failure => ({
  rule: "missed-misuse",
  message: `${misuse}: ${what}: ${expected}, but ${found}`,
});

/** Never fails: what was not covered is told. */
function coverageCheck({ coverage: { branches, covered, left } }: Findings): Check {
  const ways = left.map(({ address, never, source = "" }) =>
    `never ${never}: 0x${address.toString(16)} ${source}`.trimEnd(),
  );
  const note = [`${covered} of ${branches} conditional branches went both ways`, ...ways].join("\n");
  return { group: "coverage", name: "branches", failures: [], note };
}

function budgetCheck({ what, limit, actual, ok, place }: Findings["budgets"][number]): Check {
  const check = { group: "budget", name: what, note: `${formatFigure(actual)} of ${formatFigure(limit)}` };
  if (ok) return { ...check, failures: [] };
  const found = Number.isFinite(actual) ? formatFigure(actual) : "no bound is proven";
  const message = `over budget: ${what}: ${found}, the limit is ${formatFigure(limit)}`;
  return { ...check, failures: [{ rule: "over-budget", message, place }] };
}

function baselineChecks({ baseline }: Findings): readonly Check[] {
  if (baseline === undefined) return [];
  const { file, changes } = baseline;
  const failures = changes
    .filter(({ regression }) => regression)
    .map(({ what, before, now, percent }): Failure => {
      const change = percent === null ? "from 0" : `+${percent.toFixed(2)} %`;
      const figures = `${formatFigure(before ?? 0)} before, ${formatFigure(now ?? 0)} now (${change})`;
      return {
        rule: "regression",
        message: `${regressionLimit(baseline)}: ${what}: ${figures}`,
        place: { file },
        what,
      };
    });
  const count = changes.length === 0 ? "nothing" : formatCount(changes.length);
  const note = `${count} changed`;
  return [{ group: "baseline", name: "figures", failures, note }];
}

function checkOfProof({ key, tried, failure }: OutputProof): Check {
  const check = { group: key, name: "operations", note: tried };
  return { ...check, failures: failure === undefined ? [] : [{ rule: "difference", message: failure }] };
}
