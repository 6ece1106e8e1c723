/** Operations over several heaps, on the emulated core and in the reference: every address, every byte of all heaps' metadata. */
import type { Session } from "../../emulators/engine.js";
import { metadataImage } from "../../reference/image.js";
import { operationName, type OperationName } from "../../traces/operation.js";
import type { FrontImage } from "./bounds.js";
import type { BuiltFront } from "./front-image.js";
import type { MultiHeapPlan } from "./plan.js";
import { ReferenceMultiHeap, type MultiHeapOutcome } from "./reference.js";
import { MultiHeapRun, type MultiHeapOperations } from "./run.js";

export interface MultiHeapProof {
  readonly operations: number;
  /** Requests that a heap other than the first with the capabilities served. */
  readonly fellBack: number;
  /** Requests for capabilities that no heap has. */
  readonly incapable: number;
  /** Requests that no heap with the capabilities had room for. */
  readonly full: number;
  /** Blocks that realloc took to another heap; absent where there is no realloc. */
  readonly moved?: number;
  /** Served by each heap, in the order of trying. */
  readonly served: readonly number[];
  /** Cycles that no call takes more of, of the functions for which that is proven; absent where nothing was to be. */
  readonly bounds?: Readonly<Partial<Record<OperationName, number>>>;
  /** The engine that calls no single functions, so that nothing but the replay was run; absent where there is more. */
  readonly notCalled?: string;
  /** The first difference, or fault; absent where there is none. */
  readonly mismatch?: { readonly operation: number; readonly message: string };
}

/** Operations between two comparisons. */
const usualInterval = 64;

export interface ReplayOptions {
  readonly interval?: number;
  readonly bounds?: Readonly<Partial<Record<OperationName, number>>>;
}

/**
 * @param options.interval operations between two comparisons of the metadata
 * @param options.bounds cycles that no call of a function takes more of, where they are known
 */
export function replayFront(
  { multiHeap, ...built }: BuiltFront,
  operations: MultiHeapOperations,
  session: Session,
  { interval = usualInterval, bounds = {} }: ReplayOptions = {},
): MultiHeapProof {
  const reference = new ReferenceMultiHeap(multiHeap);
  const counts = { fellBack: 0, incapable: 0, full: 0 };
  const served = multiHeap.heaps.map(() => 0);
  const run = new MultiHeapRun(reference, operations, built.heapAddresses);
  const proof = (done: number, mismatch?: MultiHeapProof["mismatch"]): MultiHeapProof => ({
    operations: done,
    ...counts,
    ...(multiHeap.api.realloc ? { moved: run.moved } : {}),
    served,
    ...(mismatch === undefined ? {} : { mismatch }),
  });
  const fault = session.reset();
  if (fault !== undefined) return proof(0, { operation: -1, message: fault.message });
  for (let from = 0; from < operations.length; from += interval) {
    const to = Math.min(from + interval, operations.length);
    const batch = session.execute(from, to);
    for (let index = from; index < from + batch.completed; index++) {
      const bound = bounds[operationName(operations.kind[index] ?? 0)] ?? Infinity;
      const cycles = session.cycles[index] ?? 0;
      if (cycles > bound) {
        const message = `${callOf(operations, index)} takes ${cycles} cycles, more than the ${bound} proven`;
        return proof(index, { operation: index, message });
      }
      const outcome = run.execute(index);
      if (outcome === undefined) continue;
      count(outcome, counts, served);
      const expected =
        outcome.kind === "served"
          ? (built.heapAddresses[outcome.placed.heap] ?? 0) + outcome.placed.payload
          : 0;
      if (session.results[index] !== expected) {
        const where = (address: number) => locationOf(address, multiHeap, built.heapAddresses);
        const found = where(session.results[index] ?? 0);
        const message = `${callOf(operations, index)} returns ${where(expected)} in the reference, ${found} on the core`;
        return proof(index, { operation: index, message });
      }
    }
    if (batch.fault !== undefined) {
      return proof(from + batch.completed, {
        operation: batch.fault.operation,
        message: batch.fault.message,
      });
    }
    const damaged = metadataDifference(multiHeap, reference, session, built);
    if (damaged !== undefined) return proof(to, { operation: to - 1, message: damaged });
  }
  return proof(operations.length);
}

/** "malloc_caps(24)" */
function callOf(operations: MultiHeapOperations, index: number): string {
  const argument = operations.argument[index] ?? 0;
  const second = operations.second[index] ?? 0;
  switch (operationName(operations.kind[index] ?? 0)) {
    case "malloc":
      return `malloc_caps(${argument})`;
    case "calloc":
      return `calloc_caps(1, ${argument})`;
    case "alignedAlloc":
      return `aligned_alloc_caps(${second}, ${argument})`;
    case "realloc":
      return `realloc_caps(what operation ${second} got, ${argument})`;
    case "free":
      return `free(what operation ${argument} got)`;
  }
}

function count(
  outcome: MultiHeapOutcome,
  counts: { fellBack: number; incapable: number; full: number },
  served: number[],
): void {
  switch (outcome.kind) {
    case "served":
      served[outcome.placed.heap] = (served[outcome.placed.heap] ?? 0) + 1;
      if (outcome.tried > 1) counts.fellBack += 1;
      return;
    case "incapable":
      counts.incapable += 1;
      return;
    case "full":
      counts.full += 1;
      return;
    case "freed":
  }
}

/** "offset 120 of fast_heap" */
function locationOf(at: number, { heaps }: MultiHeapPlan, addresses: readonly number[]): string {
  if (at === 0) return "NULL";
  for (const [index, { plan }] of heaps.entries()) {
    const offset = at - (addresses[index] ?? 0);
    if (offset >= 0 && offset < plan.heapBytes) return `offset ${offset} of ${plan.name}`;
  }
  return `0x${at.toString(16)}`;
}

function metadataDifference(
  { heaps }: MultiHeapPlan,
  reference: ReferenceMultiHeap,
  session: Session,
  { image, heapAddresses }: FrontImage,
): string | undefined {
  for (const [index, { plan }] of heaps.entries()) {
    const heap = reference.heaps[index];
    if (heap === undefined) throw new Error("the reference has fewer heaps");
    const { bytes, mask } = metadataImage(plan, heap);
    const start = (heapAddresses[index] ?? 0) - image.heapAddress;
    const differs = bytes.findIndex(
      (byte, at) => ((byte ^ (session.heap[start + at] ?? 0)) & (mask[at] ?? 0)) !== 0,
    );
    if (differs >= 0) return `byte ${differs} of ${plan.name}'s metadata differs`;
  }
  return undefined;
}
