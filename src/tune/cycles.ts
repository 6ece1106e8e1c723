/** What a config's calls cost, from its binary: bounds are proven, means are predicted from the ways that the reference goes. */
import { buildBoth, sourcesOf } from "../build-project.js";
import { generate, type Project } from "../pipeline.js";
import { proveTask } from "../proof/task.js";
import type { Engine } from "../emulators/engine.js";
import type { Path } from "../reference/path.js";
import type { HeapOperations, Trace } from "../traces/operation.js";
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
 * Cycles of an operation of the traces, in the mean, as the reference's ways and the costs of the binary say: of short runs, and
 * of the beginnings of the traces. Undefined where most of it is not known.
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

/** Operations whose way was not measured, or costs now this and now that, cost what such cost in the trace's beginning. */
function predictedTotal(bench: Bench, costs: Costs, trace: Trace): number | undefined {
  const { operations, paths } = loweredWithPaths(bench.plan, trace, bench.image.heapAddress);
  const others = learnBeginning(bench, costs, operations, paths);
  let [cycles, known] = [0, 0];
  for (const [index, path] of paths.entries()) {
    const code = operations.kind[index] ?? 0;
    const predicted = costs.of(code).predict(path) ?? others.get(code);
    if (predicted === undefined) continue;
    cycles += predicted;
    known += 1;
  }
  if (known < leastKnown * paths.length) return undefined;
  return paths.length === 0 ? 0 : (cycles * paths.length) / known;
}

/** Operations of a trace that are measured, for ways that only this program goes. */
const measured = 4096;

/** By the operations' codes, the mean cycles of those on a way whose cost is not predicted. */
function learnBeginning(
  bench: Bench,
  costs: Costs,
  operations: HeapOperations,
  paths: readonly Path[],
): ReadonlyMap<number, number> {
  const session = bench.engine.open(bench.image, bench.target, operations);
  const others = new Map<number, { cycles: number; count: number }>();
  try {
    // A run that faults teaches nothing: the comparison of the front will tell.
    if (session.reset() !== undefined) return new Map();
    const { completed } = session.execute(0, Math.min(measured, operations.length));
    for (const [index, path] of paths.slice(0, completed).entries()) {
      const code = operations.kind[index] ?? 0;
      const cycles = session.cycles[index] ?? 0;
      if (costs.of(code).predict(path) === undefined) {
        const sum = others.get(code) ?? { cycles: 0, count: 0 };
        others.set(code, { cycles: sum.cycles + cycles, count: sum.count + 1 });
      }
      costs.of(code).learn(path, cycles);
    }
    return new Map([...others].map(([code, sum]) => [code, sum.cycles / sum.count]));
  } finally {
    session.close();
  }
}

export interface Emulated {
  /** Cycles of an operation of the traces. */
  readonly meanCycles: number;
  /** How the core and the reference differ; undefined: they do not. */
  readonly difference?: string;
}

/** Every trace on the emulated core, held against the reference operation by operation. */
export function emulate({ bench }: Pick<Built, "bench">, traces: readonly Trace[]): Emulated {
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
