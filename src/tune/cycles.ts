/** What a config's calls cost, from its binary: bounds are proven, means are predicted from the ways that the reference goes. */
import { buildBoth, sourcesOf } from "../build-project.js";
import { generate, type Project } from "../pipeline.js";
import { proveTask } from "../proof/task.js";
import type { Engine } from "../emulators/engine.js";
import type { Trace } from "../traces/operation.js";
import type { Bench } from "../verify/equivalence.js";
import { loweredWithPaths } from "../verify/lowered.js";
import { deriveCosts, type Costs } from "../verify/prediction.js";
import { proofTask } from "../verify/run-bounds.js";
import { verifyWorkload } from "../verify/workload.js";

/** Cycles that no call takes more of in this heap; infinite where none is proven. */
export interface WorstCycles {
  readonly malloc: number;
  readonly free: number;
}

export interface BuiltFigures {
  readonly worst: WorstCycles;
  readonly flashBytes: number;
  readonly ramBytes: number;
  readonly toolchain: string;
}

export interface Built extends BuiltFigures {
  readonly bench: Bench;
}

/** @throws AllocGenError, exit code 3: a compiler is missing or failed */
export async function buildCandidate(project: Project, engine: Engine): Promise<Built> {
  const sources = sourcesOf(project, generate(project), undefined);
  const { image, whole } = await buildBoth(project, sources);
  const bench: Bench = { plan: project.plan, image, engine, target: project.target };
  const { proven } = proveTask(proofTask({ bench, whole, source: whole.source }));
  const boundOf = ({ cycles }: (typeof proven)["malloc"]): number =>
    "cycles" in cycles ? cycles.cycles : Infinity;
  const { flashBytes, ramBytes } = image.size;
  const worst = { malloc: boundOf(proven.malloc), free: boundOf(proven.free) };
  return { bench, worst, flashBytes, ramBytes, toolchain: image.toolchain };
}

/**
 * Cycles of an operation of the traces, in the mean, as the reference's ways and the costs of the binary say. Undefined where
 * most of it is not known.
 */
export function predictedMean(bench: Bench, traces: readonly Trace[]): number | undefined {
  const costs = deriveCosts(bench);
  let [cycles, operations] = [0, 0];
  for (const trace of traces) {
    const total = predictedTotal(bench, costs, trace);
    if (total === undefined) return undefined;
    cycles += total;
    operations += trace.operations.length;
  }
  return cycles / Math.max(1, operations);
}

/** Least share of operations whose costs must be known. */
const leastKnown = 0.5;

/** Operations on a way that was not measured cost what those on known ways cost in the mean. */
function predictedTotal(bench: Bench, costs: Costs, trace: Trace): number | undefined {
  const { operations, paths } = loweredWithPaths(bench.plan, trace, bench.image.heapAddress);
  let [cycles, known] = [0, 0];
  for (const [index, path] of paths.entries()) {
    const predicted = costs.of(operations.kind[index] ?? 0).predict(path);
    if (predicted === undefined) continue;
    cycles += predicted;
    known += 1;
  }
  if (known < leastKnown * paths.length) return undefined;
  return paths.length === 0 ? 0 : (cycles * paths.length) / known;
}

export interface Emulated {
  /** Cycles of an operation of the traces. */
  readonly meanCycles: number;
  /** How the core and the reference differ; undefined: they do not. */
  readonly difference?: string;
}

/** Every trace on the emulated core, held against the reference operation by operation. */
export function emulate({ bench }: Built, traces: readonly Trace[]): Emulated {
  let [cycles, operations] = [0, 0];
  for (const trace of traces) {
    const lowered = loweredWithPaths(bench.plan, trace, bench.image.heapAddress);
    const { result } = verifyWorkload(bench, trace.name, lowered.operations, { shrinks: false });
    const { mismatch } = result;
    if (mismatch !== undefined) return { meanCycles: 0, difference: `${trace.name}: ${mismatch.message}` };
    for (const name of ["malloc", "free", "calloc", "realloc", "alignedAlloc"] as const) {
      cycles += (result[name]?.calls ?? 0) * (result[name]?.cycles.mean ?? 0);
    }
    operations += trace.operations.length;
  }
  return { meanCycles: cycles / Math.max(1, operations) };
}
