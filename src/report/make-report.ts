/** From what a run gave to its report. */
import type { Budgets } from "../config/config.js";
import type { LoadedConfig } from "../config/load.js";
import type { Source } from "../config/resolve-document.js";
import type { ConfigPath } from "../diagnostics.js";
import type { OutputProof } from "../outputs/output.js";
import { packageVersion } from "../package-folder.js";
import type { RunResult } from "../pipeline.js";
import { printable } from "../printable.js";
import { drawMemoryMap } from "../plan/draw.js";
import { byFunction, type ByFunction } from "../traces/operation.js";
import type { FunctionFigures, WorkloadResult } from "../verify/verification.js";
import { measureBaseline } from "./measure-baseline.js";
import { type Baseline } from "./baseline.js";
import { checkBudgets } from "./budgets.js";
import { checksOfHeap, type Findings } from "./checks.js";
import { compareBaseline } from "./regression.js";
import { describeModel } from "./describe-model.js";
import { boundsOf, interruptMaskingOf, reportProofs } from "./proofs.js";
import type { HeapReport, Report, WorkloadReport } from "./report.js";

/** The report of all heaps of a config, and of what outputs proved by themselves. */
export function makeReport(heaps: readonly HeapReport[], outputProofs: readonly OutputProof[] = []): Report {
  return {
    ok: heaps.every(({ ok }) => ok) && outputProofs.every(({ failure }) => failure === undefined),
    toolVersion: packageVersion(),
    heaps,
    outputProofs,
  };
}

/**
 * The report of one heap's run.
 *
 * @param options.budgets what it is held against, by default those of its config
 * @param options.sourceFolder folder of the C, as messages name it
 * @param options.strict whether a wrong prediction fails the run, whatever the config says
 */
export function reportHeap(
  result: RunResult,
  options: { readonly budgets?: Budgets; readonly sourceFolder?: string; readonly strict?: boolean } = {},
): HeapReport {
  const { project, image, verification, seconds } = result;
  const { loaded, plan, target } = project;
  const { config } = loaded;
  const { budgets = config.budgets, sourceFolder } = options;
  const { notReached = [] } = verification;
  const hasLock = plan.lock.kind !== "none";
  const proofs = reportProofs(result.bounds, hasLock);
  const bounds = boundsOf(proofs);
  const interruptLatency = hasLock ? interruptMaskingOf(proofs) : undefined;
  const measured = { size: image.size, verification, bounds, interruptLatency };
  return judged({
    version: 1,
    name: config.name,
    target: target.name,
    targetDescription: target.description,
    toolchain: image.toolchain,
    engine: `${verification.engine} ${result.engineVersion}`,
    cycleModel: describeModel(target),
    config: {
      file: printable(loaded.file),
      sha256: loaded.sha256,
      operations: config.verify.operations,
      seed: config.verify.seed,
    },
    ...(sourceFolder === undefined ? {} : { sourceFolder }),
    strict: options.strict === true || config.verify.strict,
    ...(result.givenSource === undefined ? {} : { givenSource: result.givenSource }),
    policy: plan.policy.kind,
    lock: plan.lock.kind,
    memoryMap: drawMemoryMap(plan),
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
    workloads: verification.workloads.map((workload, index) =>
      reportWorkload(workload, locationOfWorkload(loaded, workload.name, index)),
    ),
    ...(notReached.length === 0 ? {} : { notReached }),
    ...(verification.sizes === undefined ? {} : { sizes: verification.sizes }),
    checked: verification.checked,
    ...(verification.witnessed === undefined ? {} : { witnessed: verification.witnessed }),
    interface: verification.interface,
    proofs,
    bounds,
    ...(interruptLatency === undefined ? {} : { interruptLatency }),
    ...(verification.interrupts === undefined ? {} : { interrupts: verification.interrupts }),
    ...(result.waitStates === undefined ? {} : { waitStates: result.waitStates }),
    ...(result.hardeningPrice === undefined ? {} : { hardeningPrice: result.hardeningPrice }),
    ...(verification.injection === undefined ? {} : { injection: verification.injection }),
    coverage: verification.coverage,
    budgets: checkBudgets(budgets, measured, (path) => locationOf(loaded, path)),
    seconds,
  });
}

/**
 * `report` with its difference from a baseline.
 *
 * @param against the baseline, its file as messages name it, and the percentage from 0 above which an increase of a
 *   figure makes the report not ok; without one an increase is only told
 */
export function withBaseline(
  { ok: _ok, ...findings }: HeapReport,
  against: {
    readonly file: string;
    readonly baseline: Baseline;
    readonly failOnRegression?: number | undefined;
  },
): HeapReport {
  const now = measureBaseline(findings);
  const baseline = compareBaseline(against.file, against.baseline, now, against.failOnRegression);
  return judged({ ...findings, baseline });
}

function judged(findings: Findings): HeapReport {
  const { version, ...rest } = findings;
  return { version, ok: checksOfHeap(findings).every(({ failures }) => failures.length === 0), ...rest };
}

/** The figures of each function, and nothing else. */
function figuresOf(workload: ByFunction<FunctionFigures>): ByFunction<FunctionFigures> {
  return byFunction(workload, (name) => {
    const figures = workload[name];
    if (figures === undefined) throw new Error(`the workload has no figures of ${name}`);
    return figures;
  });
}

/** The generated workloads come first, then the traces; what is behind them the run made of itself. */
function locationOfWorkload(loaded: LoadedConfig, name: string, index: number): Source {
  const { workloads, traces } = loaded.config.verify;
  const generated = workloads.findIndex((workload) => workload === name);
  if (generated >= 0) return locationOf(loaded, ["verify", "workloads", generated]);
  const recorded = index - workloads.length;
  const isRecorded = recorded >= 0 && recorded < traces.length;
  return locationOf(loaded, isRecorded ? ["verify", "traces", recorded] : ["verify"]);
}

/** Where a value stands; of one that the command line sets the file alone. */
function locationOf(loaded: LoadedConfig, path: ConfigPath): Source {
  const place = loaded.locate(path);
  return place.line === undefined
    ? { file: printable(loaded.file) }
    : { ...place, file: printable(place.file) };
}

function reportWorkload(workload: WorkloadResult, place: Source): WorkloadReport {
  const { name, operations, mismatch, wrongPrediction } = workload;
  return {
    name,
    operations,
    mismatches: mismatch === undefined ? 0 : 1,
    ...figuresOf(workload),
    ...(mismatch === undefined ? {} : { mismatch }),
    ...(wrongPrediction === undefined ? {} : { wrongPrediction }),
    place,
  };
}
