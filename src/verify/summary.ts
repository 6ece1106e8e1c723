/** All workloads of a run as one verification. */
import type { BranchWays } from "../emulators/engine.js";
import type { WorkloadOutcome } from "./workload.js";
import type { Verification } from "./verification.js";

/** A branch that was taken and was not taken. */
const bothWays: BranchWays = 3;

export function summarise(engine: string, outcomes: readonly WorkloadOutcome[]): Verification {
  const sum = (of: (outcome: WorkloadOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const most = (of: (outcome: WorkloadOutcome) => number) => Math.max(0, ...outcomes.map(of));
  const branches = new Map<number, number>();
  for (const { coverage } of outcomes) {
    for (const [address, ways] of coverage) branches.set(address, (branches.get(address) ?? 0) | ways);
  }
  return {
    engine,
    workloads: outcomes.map((outcome) => outcome.result),
    checked: {
      operations: sum((outcome) => outcome.result.operations),
      addresses: sum((outcome) => outcome.addresses),
      metadata: sum((outcome) => outcome.metadata),
      payloadBytes: sum((outcome) => outcome.payloadBytes),
    },
    stackBytes: {
      malloc: most((outcome) => outcome.stackBytes.malloc),
      free: most((outcome) => outcome.stackBytes.free),
    },
    coverage: {
      branches: branches.size,
      covered: [...branches.values()].filter((ways) => ways === bothWays).length,
    },
  };
}
