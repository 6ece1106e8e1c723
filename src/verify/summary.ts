/** All workloads of a run as one verification. */
import { byFunction } from "../traces/operation.js";
import type { BranchWays } from "../emulators/engine.js";
import type { WorkloadOutcome } from "./workload.js";
import type { BranchLeft, Coverage, Verification } from "./verification.js";

/** Place in the source of the instruction at an address: "app_heap.c:120". */
export type SourceOf = (address: number) => string | undefined;

/** A branch that was taken and was not taken. */
const bothWays: BranchWays = 3;

/** @param beside outcomes that count for coverage and stack but are no workload of the report's. */
export function summarise(
  engine: string,
  outcomes: readonly WorkloadOutcome[],
  beside: readonly WorkloadOutcome[] = [],
  sourceOf: SourceOf = () => undefined,
): Omit<Verification, "interface"> {
  const everyOutcome = [...outcomes, ...beside];
  const sum = (of: (outcome: WorkloadOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const most = (of: (outcome: WorkloadOutcome) => number) => Math.max(0, ...everyOutcome.map(of));
  return {
    engine,
    workloads: outcomes.map((outcome) => outcome.result),
    checked: {
      operations: sum((outcome) => outcome.result.operations),
      addresses: sum((outcome) => outcome.addresses),
      metadata: sum((outcome) => outcome.metadata),
      payloadBytes: sum((outcome) => outcome.payloadBytes),
    },
    stackBytes: byFunction(everyOutcome[0]?.stackBytes ?? {}, (name) =>
      most((outcome) => outcome.stackBytes[name] ?? 0),
    ),
    coverage: joinCoverage(everyOutcome, sourceOf),
  };
}

function joinCoverage(outcomes: readonly WorkloadOutcome[], sourceOf: SourceOf): Coverage {
  const branches = new Map<number, BranchWays>();
  for (const { coverage } of outcomes) {
    for (const [address, ways] of coverage) branches.set(address, (branches.get(address) ?? 0) | ways);
  }
  const left = [...branches].flatMap(([address, ways]): BranchLeft[] => {
    const source = sourceOf(address);
    const never = (["taken", "not taken"] as const).filter((_, bit) => (ways & (1 << bit)) === 0);
    return never.map((way) => ({ address, never: way, ...(source === undefined ? {} : { source }) }));
  });
  const covered = [...branches.values()].filter((ways) => ways === bothWays).length;
  return { branches: branches.size, covered, left };
}
