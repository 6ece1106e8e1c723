/** What a mutant is held against, in stages: most of the wrong ones differ within a few operations. */
import type { HeapOperations } from "../traces/operation.js";
import { Equivalence, type Bench } from "../verify/equivalence.js";

export interface NamedOperations {
  readonly name: string;
  readonly operations: HeapOperations;
}

export type Comparison =
  | { readonly kind: "different"; readonly stage: string; readonly message: string }
  /** Modelled cycles of all operations together. */
  | { readonly kind: "equal"; readonly cycles: number };

/** Operations of each workload in the first stage. */
const firstOperations = 300;
/** Operations between two comparisons of the metadata. */
const interval = 1024;

/** The first difference from the reference, stage by stage. */
export function differenceIn(bench: Bench, workloads: readonly NamedOperations[]): Comparison {
  for (const { name, operations } of workloads) {
    const { message } = compare(bench, operations, Math.min(firstOperations, operations.length));
    if (message !== undefined)
      return { kind: "different", stage: "first operations", message: `${name}: ${message}` };
  }
  let cycles = 0;
  for (const { name, operations } of workloads) {
    const compared = compare(bench, operations, operations.length);
    if (compared.message !== undefined) {
      return { kind: "different", stage: "workloads", message: `${name}: ${compared.message}` };
    }
    cycles += compared.cycles;
  }
  return { kind: "equal", cycles };
}

/** The first `length` operations on both sides. */
function compare(
  bench: Bench,
  operations: HeapOperations,
  length: number,
): { readonly message: string | undefined; readonly cycles: number } {
  const comparison = new Equivalence(bench, operations, {
    instructionLimit: 20_000 + 16 * bench.plan.heapBytes,
  });
  try {
    let difference = comparison.start();
    for (let done = 0; difference === undefined && done < length;) {
      done = Math.min(done + interval, length);
      difference = comparison.advance(done);
    }
    const { cycles } = comparison.emulated;
    return {
      message: difference?.message,
      cycles: cycles.subarray(0, length).reduce((sum, each) => sum + each, 0),
    };
  } finally {
    comparison.close();
  }
}
