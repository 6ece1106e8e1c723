/** What a build's functions take with flash that is slower and slower: bounds, and what one workload took. */
import { jsEngine } from "../emulators/js/engine.js";
import { proveTask, type ProofTask } from "../proof/task.js";
import type { Target } from "../targets/target.js";
import { byFunction, type ByFunction, type Trace } from "../traces/operation.js";
import type { Bench } from "./equivalence.js";
import { lowered } from "./lowered.js";
import { verifyWorkload } from "./workload.js";

/** Wait states that are tried; more, where the run is with more. */
const tried = 5;
/** Operations of the workload: a mean of so many moves by less than a cycle when it goes on. */
const sampled = 20_000;

export interface WaitStatesOfFunction {
  /** Cycles that no call takes more of; undefined where nothing is proven. */
  readonly bound?: number;
  /** Of the workload's calls. */
  readonly mean: number;
  readonly max: number;
}

export interface WaitStatesRow {
  /** Of the flash that the code is fetched from; with 0 it is as fast as RAM that the core fetches from without waiting. */
  readonly waitStates: number;
  readonly functions: ByFunction<WaitStatesOfFunction>;
}

export interface WaitStatesSweep {
  /** Name of the workload. */
  readonly workload: string;
  readonly rows: readonly WaitStatesRow[];
}

/** @param bench of the run, whose RAM, lines and prefetching are those of every row */
export function sweepWaitStates(bench: Bench, task: ProofTask, trace: Trace): WaitStatesSweep {
  const most = Math.max(tried, bench.target.cycleModel.flash.waitStates);
  const operations = lowered(
    bench.plan,
    { ...trace, operations: trace.operations.slice(0, sampled) },
    bench.image.heapAddress,
  );
  const rows = Array.from({ length: most + 1 }, (_, waitStates): WaitStatesRow => {
    const target = withFlash(bench.target, waitStates);
    const { proven } = proveTask({ ...task, target });
    // Only cycles are asked for: that the C is right was found without.
    const { result } = verifyWorkload({ ...bench, target, engine: jsEngine() }, trace.name, operations, {
      shrinks: false,
    });
    const functions = byFunction(bench.image.entries, (name): WaitStatesOfFunction => {
      const { cycles } = proven[name] ?? {};
      const { mean = 0, max = 0 } = result[name]?.cycles ?? {};
      return { ...(cycles !== undefined && "cycles" in cycles ? { bound: cycles.cycles } : {}), mean, max };
    });
    return { waitStates, functions };
  });
  return { workload: trace.name, rows };
}

const withFlash = (target: Target, waitStates: number): Target => ({
  ...target,
  cycleModel: { ...target.cycleModel, flash: { ...target.cycleModel.flash, waitStates } },
});
