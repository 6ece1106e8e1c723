/** How much of a run a second engine executed too. */
import type { Engine } from "../emulators/engine.js";
import { boundariesOf } from "./interrupts/lock-proof.js";
import type { InterruptsProof } from "./interrupts/prove-interrupts.js";
import type { Witnessed, WitnessedShare } from "./verification.js";
import type { WorkloadOutcome } from "./workload.js";

/** Undefined where nobody was to witness a share. */
export function witnessedBy(
  { witness }: Engine,
  outcomes: readonly WorkloadOutcome[],
  directed: readonly WorkloadOutcome[],
  { interface: { calls, witnessedCalls = 0 }, interrupts }: InterruptsProof,
): Witnessed | undefined {
  if (witness === undefined) return undefined;
  const who =
    witness.kind === "engine"
      ? { by: `${witness.engine.name} ${witness.engine.version}` }
      : { reason: witness.reason };
  return {
    ...who,
    workloads: shareOf(outcomes),
    directed: shareOf(directed),
    calls: { witnessed: witnessedCalls, of: calls },
    ...(interrupts === undefined
      ? {}
      : {
          boundaries: {
            witnessed: interrupts.witnessedBoundaries ?? 0,
            of: boundariesOf(interrupts),
          },
        }),
  };
}

const shareOf = (outcomes: readonly WorkloadOutcome[]): WitnessedShare => ({
  witnessed: outcomes.reduce((sum, { witnessed }) => sum + witnessed, 0),
  of: outcomes.reduce((sum, { result }) => sum + result.operations, 0),
});
