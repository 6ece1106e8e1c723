/**
 * A second proof, of C that was handed in: each access of bytes that belong to nothing ends the run, and so does what the C
 * standard leaves undefined. C may do either and return what the reference returns.
 */
import type { Image } from "../toolchain/image.js";
import type { Trace } from "../traces/operation.js";
import type { Bench } from "./equivalence.js";
import { proveInterface, type InterfaceProof, type WholeInterface } from "./interface.js";
import { beginTraces, verifyTraces } from "./verify-traces.js";
import type { WorkloadOutcome } from "./workload.js";

export interface StrictRequest {
  readonly bench: Bench;
  readonly whole: WholeInterface;
  readonly traces: readonly Trace[];
  readonly seed: number;
  readonly shrinks?: boolean;
  /** All functions, trapping where their behaviour is undefined; undefined: the compiler makes no such code. */
  readonly trapping: Image | undefined;
  /** Of the same without these rules: nothing differed. */
  readonly proven: InterfaceProof;
  readonly outcomes: readonly WorkloadOutcome[];
}

export interface StrictProof {
  /** What differs, where something does. */
  readonly differing: readonly WorkloadOutcome[];
  /** The one without these rules, with what differs under them and what was not run. */
  readonly interface: InterfaceProof;
}

export function proveStrictly(request: StrictRequest): StrictProof {
  const { bench, whole, traces, seed, shrinks = true, trapping, proven } = request;
  const measured = new Map(request.outcomes.map((outcome) => [outcome.result.name, outcome]));
  const image = trapping ?? whole.image;
  const strict: Bench = { ...bench, image, isStrict: true };
  const { directed, outcomes } = verifyTraces(strict, beginTraces(strict, traces), {
    seed,
    shrinks,
    count: false,
  });
  const differing = [...directed, ...outcomes]
    .filter(({ result }) => result.mismatch !== undefined)
    .map((outcome) => withFigures(outcome, measured.get(outcome.result.name)));
  const { mismatch } = proveInterface(strict, { ...whole, image }, seed);
  const reason = "the compiler makes no code that traps there";
  return {
    differing,
    interface: {
      ...proven,
      ...(mismatch === undefined ? {} : { mismatch }),
      notRun: [
        ...proven.notRun,
        ...(trapping === undefined ? [{ what: "undefined behaviour", reason }] : []),
      ],
    },
  };
}

/** Figures and branches are those of the code that does not trap; this one's were not counted. */
const withFigures = (outcome: WorkloadOutcome, measured = outcome): WorkloadOutcome => ({
  ...measured,
  result: { ...measured.result, ...(outcome.result.mismatch && { mismatch: outcome.result.mismatch }) },
});
