/** Bounds of a build, held against what a run of it measured. */
import { proveBounds, type FunctionBounds, type FunctionName } from "../bounds/bounds.js";
import { policyFor } from "../policies/registry.js";
import { coreModel } from "../timing/cores/core-model.js";
import type { Bench } from "./compare.js";
import { verifyDirected } from "./directed.js";
import type { Costs } from "./prediction.js";
import type { WorkloadOutcome } from "./workload.js";

/** The most that was measured of any call. */
export interface Observed {
  readonly cycles: number;
  readonly stackBytes: number;
  /** Cycles of the longest stretch with interrupts kept out; 0 where none was. */
  readonly maskedCycles: number;
}

export interface RunBounds {
  readonly proven: Readonly<Record<FunctionName, FunctionBounds>>;
  readonly observed: { readonly malloc: Observed; readonly free: Observed };
}

export interface RunBoundsRequest {
  readonly bench: Bench;
  readonly source: { readonly name: string; readonly text: string };
  readonly seed: number;
  readonly minimumRequest: number;
  readonly outcomes: readonly WorkloadOutcome[];
  readonly costs: Costs;
}

/**
 * Where both functions take constant time, operations are searched that come near to the bound: what was found is
 * `directed`. The search opens many sessions, so that it is for engines where that is cheap.
 */
export function boundRun(request: RunBoundsRequest): {
  readonly bounds: RunBounds;
  readonly directed: readonly WorkloadOutcome[];
} {
  const { bench, source, seed, minimumRequest, outcomes, costs } = request;
  const { plan, image, target, engine } = bench;
  const policy = policyFor(plan.policy);
  const proven = proveBounds({
    image,
    pricing: coreModel(target),
    source,
    loopLimits: policy.loopLimits(plan),
    wordLimits: policy.wordLimits(plan),
  });
  const [malloc, free] = [constantCycles(proven.malloc), constantCycles(proven.free)];
  const isCheap = engine.name === "unicorn";
  const directed =
    isCheap && malloc !== undefined && free !== undefined
      ? [verifyDirected(bench, { seed, minimumRequest, bounds: { malloc, free }, costs })]
      : [];
  const observed = (name: "malloc" | "free"): Observed => ({
    cycles: Math.max(0, ...[...outcomes, ...directed].map(({ result }) => result[name].cycles.max)),
    stackBytes: Math.max(0, ...[...outcomes, ...directed].map(({ stackBytes }) => stackBytes[name])),
    maskedCycles: Math.max(0, ...[...outcomes, ...directed].map(({ maskedCycles }) => maskedCycles[name])),
  });
  return { bounds: { proven, observed: { malloc: observed("malloc"), free: observed("free") } }, directed };
}

/** The bound of a function without loops whose end depends on the heap. */
function constantCycles({ cycles }: FunctionBounds): number | undefined {
  return "cycles" in cycles && cycles.formula.terms.length === 0 ? cycles.cycles : undefined;
}
