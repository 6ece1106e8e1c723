/** One malloc over several heaps, on the emulated core, against its reference. */
import { operationNames, type OperationName } from "../../traces/operation.js";
import type { ProofBench } from "../output.js";
import { proveFront } from "./bounds.js";
import { callEach } from "./calls.js";
import { buildFront, type BuiltFront } from "./front-image.js";
import { multiHeapOperations } from "./operations.js";
import type { MultiHeapPlan } from "./plan.js";
import { replayFront, type MultiHeapProof } from "./replay.js";

/** Cycles that no call takes more of: of the core's worst, and with branches as an emulator has them. */
export interface FrontBounds {
  readonly cycles: Readonly<Partial<Record<OperationName, number>>>;
  readonly predicted: Readonly<Partial<Record<OperationName, number>>>;
}

/**
 * @param bench with all C: the heaps' and this output's
 * @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed.
 */
export async function proveMultiHeap(written: MultiHeapPlan, bench: ProofBench): Promise<MultiHeapProof> {
  const { target, engine } = bench;
  const built = await buildFront(written, bench);
  const { multiHeap, image, heapAddresses } = built;
  const { api } = multiHeap;
  const bounds = multiHeap.by === "size" ? boundsOf(built, bench) : undefined;
  const operations = multiHeapOperations(multiHeap, bench.seed, heapAddresses);
  const session = engine.open(image, target, operations);
  let proof: MultiHeapProof;
  try {
    const replayed = replayFront(built, operations, session, { bounds: bounds?.predicted ?? {} });
    proof = { ...replayed, ...(bounds === undefined ? {} : { bounds: bounds.cycles }) };
  } finally {
    session.close();
  }
  if (proof.mismatch !== undefined || !(api.usableSize || api.calloc)) return proof;
  if (engine.caller === undefined) return { ...proof, notCalled: engine.name };
  const caller = engine.caller(image, target);
  try {
    const message = callEach(multiHeap, caller, heapAddresses);
    return message === undefined ? proof : { ...proof, mismatch: { operation: proof.operations, message } };
  } finally {
    caller.close();
  }
}

/** Of the functions for which one is proven. */
export function boundsOf(
  built: BuiltFront,
  { files, target }: Pick<ProofBench, "files" | "target">,
): FrontBounds {
  const proven = (predicted: boolean): FrontBounds["cycles"] => {
    const bounds = proveFront(built.multiHeap, built, files, target, predicted);
    return Object.fromEntries(
      operationNames.flatMap((name) => {
        const cycles = bounds[name]?.cycles;
        return cycles !== undefined && "cycles" in cycles ? [[name, cycles.cycles]] : [];
      }),
    );
  };
  return { cycles: proven(false), predicted: proven(true) };
}
