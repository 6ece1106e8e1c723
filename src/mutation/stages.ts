/** What a mutant is held against, in stages: most of the wrong ones differ within a few operations. */
import type { GivenSource, Project } from "../pipeline.js";
import { verifySource, workloads } from "../pipeline.js";
import type { Engine } from "../emulators/engine.js";
import type { BuildOptions } from "../toolchain/build-image.js";
import { namesOf, type HeapOperations } from "../traces/operation.js";
import { Equivalence, type Bench } from "../verify/equivalence.js";
import { proveInterface, type WholeInterface } from "../verify/interface.js";
import { isSound } from "../verify/interrupts/lock-proof.js";
import { lowered } from "../verify/lowered.js";
import type { Verification } from "../verify/verification.js";

export type Comparison =
  | { readonly kind: "different"; readonly stage: string; readonly message: string }
  /** Modelled cycles of all operations together. */
  | { readonly kind: "equal"; readonly cycles: number };

/** The beginning of a workload. */
export interface Beginning {
  readonly name: string;
  readonly operations: HeapOperations;
}

/** Operations of each workload in the first stage. */
const firstOperations = 300;

export const beginningsOf = (project: Project): readonly Beginning[] =>
  workloads(project).map(({ name, ...trace }) => {
    const operations = trace.operations.slice(0, firstOperations);
    return { name, operations: lowered(project.plan, { ...trace, name, operations }) };
  });

/** The first difference in what takes least time: the beginnings of all workloads, then each function. */
export function quickDifference(
  bench: Bench,
  whole: WholeInterface,
  beginnings: readonly Beginning[],
  seed: number,
): Comparison | undefined {
  for (const { name, operations } of beginnings) {
    const message = differenceIn(bench, operations);
    if (message !== undefined)
      return { kind: "different", stage: "first operations", message: `${name}: ${message}` };
  }
  return interfaceDifference(proveInterface(bench, whole, seed));
}

function differenceIn(bench: Bench, operations: HeapOperations): string | undefined {
  const comparison = new Equivalence(bench, operations, { instructionLimit: instructionLimit(bench) });
  try {
    return (comparison.start() ?? comparison.advance(operations.length))?.message;
  } finally {
    comparison.close();
  }
}

/** More than any operation takes that walks all blocks, and less than hangs for long. */
const instructionLimit = ({ plan }: Bench): number => 20_000 + 16 * plan.heapBytes;

/** All that verify does, and what it found first. */
export async function verifyDifference(
  project: Project,
  source: GivenSource,
  engine: Engine,
  build: BuildOptions,
): Promise<Comparison> {
  const verification = await verifySource(project, source, { engine, build });
  return (
    workloadDifference(verification) ??
    interfaceDifference(verification.interface) ??
    interruptDifference(verification) ??
    injectionDifference(verification) ?? { kind: "equal", cycles: cyclesOf(verification) }
  );
}

function workloadDifference({ workloads: all }: Verification): Comparison | undefined {
  const [first] = all.flatMap(({ name, mismatch }) =>
    mismatch === undefined ? [] : [`${name}: ${mismatch.message}`],
  );
  return first === undefined ? undefined : { kind: "different", stage: "workloads", message: first };
}

function interfaceDifference({ mismatch }: Verification["interface"]): Comparison | undefined {
  if (mismatch === undefined) return undefined;
  const { call, expected, found } = mismatch;
  const message = `${call}: ${expected} in the reference, ${found} on the core`;
  return { kind: "different", stage: "interface", message };
}

function interruptDifference({ interrupts }: Verification): Comparison | undefined {
  if (interrupts === undefined || isSound(interrupts)) return undefined;
  const [first] = [...interrupts.unmasked, ...interrupts.broken];
  return {
    kind: "different",
    stage: "interrupts",
    message: first === undefined ? "" : `${first.call}: ${first.message}`,
  };
}

function injectionDifference({ injection }: Verification): Comparison | undefined {
  if (injection?.failure === undefined) return undefined;
  const { what, expected, found } = injection.failure;
  return {
    kind: "different",
    stage: "misuse",
    message: `${what}: ${expected} in the tier, ${found} on the core`,
  };
}

/** Of all calls; a mean and its number of calls are what a report has. */
function cyclesOf({ workloads: all }: Verification): number {
  const sums = all.flatMap((workload) =>
    namesOf(workload).map((name) => (workload[name]?.calls ?? 0) * (workload[name]?.cycles.mean ?? 0)),
  );
  return Math.round(sums.reduce((sum, cycles) => sum + cycles, 0));
}
