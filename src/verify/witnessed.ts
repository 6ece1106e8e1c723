/** How much of a run a second engine executed too. */
import type { Engine } from "../emulators/engine.js";
import { boundariesOf } from "./interrupts/lock-proof.js";
import type { InterruptsProof } from "./interrupts/prove-interrupts.js";
import type { WorkloadOutcome } from "./workload.js";

export interface WitnessedShare {
  readonly witnessed: number;
  readonly of: number;
}

export interface Witnessed {
  /** "unicorn 2.0.1"; absent where nobody did. */
  readonly by?: string;
  /** Why nobody did, a clause for people. */
  readonly reason?: string;
  /** Operations of the workloads: with the first that went each way through the code, the others as drawn. */
  readonly workloads: WitnessedShare;
  /** Operations that every run asks for, and those that were searched. */
  readonly directed: WitnessedShare;
  /** Calls of single functions. */
  readonly calls: WitnessedShare;
  /** Boundaries at which interrupts were taken; absent where interrupts may not use the heap. */
  readonly boundaries?: WitnessedShare;
}

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
