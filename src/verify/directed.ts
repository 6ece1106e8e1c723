/** Operations made for cost: what a search on the core found to come nearest to the bounds, then verified like any other. */
import { joinScenarios, searchWorst } from "../proof/search.js";
import type { HeapOperations } from "../traces/operation.js";
import type { Bench } from "./equivalence.js";
import type { Costs } from "./prediction.js";
import { verifyWorkload, type WorkloadOutcome } from "./workload.js";

export interface DirectedSearch {
  readonly seed: number;
  readonly minimumRequest: number;
  /** Cycles no call can take more of: where they are reached the search ends. */
  readonly bounds: { readonly malloc: number; readonly free: number };
  readonly costs?: Costs;
}

/** A second of emulation at most. */
const rounds = 16;
const scenarios = 250;

export function verifyDirected(bench: Bench, search: DirectedSearch): WorkloadOutcome {
  const { plan } = bench;
  const found = searchWorst({
    seed: search.seed,
    maximumRequest: plan.maximumRequestBytes,
    minimumRequest: search.minimumRequest,
    granuleBytes: plan.granuleBytes,
    rounds,
    scenarios,
    measure: (operations) => measure(bench, operations),
    enough: search.bounds,
  });
  const { operations } = joinScenarios([found.malloc.scenario, found.free.scenario]);
  const { costs } = search;
  const watched: Bench = { ...bench, witness: { kind: "all" } };
  return verifyWorkload(watched, "directed search", operations, costs === undefined ? {} : { costs });
}

/** A fault or a wrong address shows when what was found is verified. */
function measure({ engine, image, target }: Bench, operations: HeapOperations): Uint32Array {
  const session = engine.open(image, target, operations, {
    checkPayloads: false,
    witness: { kind: "none" },
  });
  try {
    if (session.reset() === undefined) session.execute(0, operations.length);
    return session.cycles;
  } finally {
    session.close();
  }
}
