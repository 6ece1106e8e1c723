/**
 * The report as data: what `--json` prints. People and CI scripts depend on its keys, so a key is renamed, removed or
 * given another meaning only together with `version`.
 */
import type { Budgets } from "../config/config.js";
import type { RunResult } from "../pipeline.js";
import type { Target } from "../targets/target.js";
import { byFunction, type ByFunction } from "../traces/operation.js";
import { exceedsBound, reportBounds } from "./bounds.js";
import type {
  Coverage,
  FunctionFigures,
  Mismatch,
  WorkloadResult,
  WrongPrediction,
} from "../verify/verification.js";
import { measureBaseline, type Baseline } from "./baseline.js";
import { checkBudgets, type BudgetResult } from "./budgets.js";
import { reportLatency, type LatencyReport } from "./latency.js";
import { compareBaseline, type BaselineReport } from "./compare-baseline.js";

/** calloc, realloc and alignedAlloc are there where the interface has the function. */
export interface WorkloadReport extends ByFunction<FunctionFigures> {
  readonly name: string;
  readonly operations: number;
  /** 1 when the C and the reference differ: a workload ends at its first difference. */
  readonly mismatches: number;
  /** Present when `mismatches` is not 0. */
  readonly mismatch?: Mismatch;
  /** Present when a prediction was wrong: the first. */
  readonly wrongPrediction?: WrongPrediction;
}

export interface BoundReport {
  readonly cycles: number;
  /** 0: no operation calls the function. */
  readonly observed: number;
  /** Deepest stack of any call, where it is proven. */
  readonly stackBytes?: number;
  /** Where the cycles depend on how full the heap is: how. */
  readonly formula?: string;
}

export interface Report {
  readonly version: 1;
  /** False when the C and the reference differ anywhere, a prediction is wrong, a budget is exceeded, or a figure regressed. */
  readonly ok: boolean;
  readonly target: string;
  /** "arm-none-eabi-gcc 12.2.1 -O2" */
  readonly toolchain: string;
  /** "unicorn 2.0.1" */
  readonly engine: string;
  /** Name of the model; ends in "(estimate)" where the core's timing is not published in full. */
  readonly cycleModel: string;
  readonly plan: {
    readonly heapBytes: number;
    readonly alignmentBytes: number;
    readonly granuleBytes: number;
    readonly headerBytes: number;
    readonly controlBytes: number;
    readonly minimumBlockBytes: number;
    readonly maximumRequestBytes: number;
  };
  readonly size: {
    readonly flashBytes: number;
    readonly ramBytes: number;
    /** Code bytes by function. */
    readonly functions: Readonly<Record<string, number>>;
    /** Deepest stack seen. */
    readonly stackBytes: Readonly<Record<string, number>>;
  };
  readonly workloads: readonly WorkloadReport[];
  /** Proven bounds of any call by function, held against the worst call of the run; without those that have none. */
  readonly bounds: Readonly<Record<string, BoundReport>>;
  /** How long interrupts wait, by function. Present where the heap has a lock. */
  readonly interruptLatency?: Readonly<Record<string, LatencyReport>>;
  /** Conditional branches of the allocator, and those seen both taken and not taken. */
  readonly coverage: Coverage;
  readonly budgets: readonly BudgetResult[];
  /** Present when the run was compared with a baseline. */
  readonly baseline?: BaselineReport;
}

/** The report of one run, held against `budgets`. */
export function makeReport(result: RunResult, budgets: Budgets): Report {
  const { project, image, verification } = result;
  const { plan, target } = project;
  const bounds = reportBounds(result.bounds);
  const interruptLatency = reportLatency(result);
  const checked = checkBudgets(budgets, { size: image.size, verification, bounds, interruptLatency });
  const differs = verification.workloads.some(
    ({ mismatch, wrongPrediction }) => mismatch !== undefined || wrongPrediction !== undefined,
  );
  return {
    version: 1,
    ok: !differs && !exceedsBound(result) && checked.every((budget) => budget.ok),
    target: target.name,
    toolchain: image.toolchain,
    engine: `${verification.engine} ${result.engineVersion}`,
    cycleModel: describeModel(target),
    plan: {
      heapBytes: plan.heapBytes,
      alignmentBytes: plan.alignment,
      granuleBytes: plan.granuleBytes,
      headerBytes: plan.header.bytes,
      controlBytes: plan.controlBytes,
      minimumBlockBytes: plan.minimumBlockBytes,
      maximumRequestBytes: plan.maximumRequestBytes,
    },
    size: { ...image.size, stackBytes: { ...verification.stackBytes } },
    workloads: verification.workloads.map(reportWorkload),
    bounds,
    ...(interruptLatency === undefined ? {} : { interruptLatency }),
    coverage: verification.coverage,
    budgets: checked,
  };
}

/**
 * `report` with its difference from a baseline.
 *
 * @param against the baseline, its file as messages name it, and the percentage from 0 above which an increase of a
 *   figure makes the report not ok; without one an increase is only told
 */
export function withBaseline(
  result: RunResult,
  report: Report,
  against: {
    readonly file: string;
    readonly baseline: Baseline;
    readonly failOnRegression?: number | undefined;
  },
): Report {
  const now = measureBaseline(result, report);
  const baseline = compareBaseline(against.file, against.baseline, now, against.failOnRegression);
  return { ...report, ok: report.ok && !baseline.changes.some(({ regression }) => regression), baseline };
}

/** The name of the target's cycle model, with "(estimate)" where it is one and the name does not say so itself. */
export function describeModel(target: Target): string {
  const { name, estimate } = target.cycleModel;
  return estimate && !name.includes("estimate") ? `${name} (estimate)` : name;
}

/** The figures of each function, and nothing else. */
export function figuresOf(workload: ByFunction<FunctionFigures>): ByFunction<FunctionFigures> {
  return byFunction(workload, (name) => {
    const figures = workload[name];
    if (figures === undefined) throw new Error(`the workload has no figures of ${name}`);
    return figures;
  });
}

function reportWorkload(workload: WorkloadResult): WorkloadReport {
  const { name, operations, mismatch, wrongPrediction } = workload;
  return {
    name,
    operations,
    mismatches: mismatch === undefined ? 0 : 1,
    ...figuresOf(workload),
    ...(mismatch === undefined ? {} : { mismatch }),
    ...(wrongPrediction === undefined ? {} : { wrongPrediction }),
  };
}
