/** One malloc over several heaps, on the emulated core, against its reference: every address, every byte of all heaps' metadata. */
import type { Plan } from "../../plan/plan.js";
import { buildMultiHeapImage, type ImageHeap } from "./build.js";
import type { Image } from "../../toolchain/image.js";
import { allocatorNames } from "../c/names.js";
import type { Session } from "../../emulators/engine.js";
import { metadataImage } from "../../reference/image.js";
import { operationName } from "../../traces/operation.js";
import type { ProofBench } from "../output.js";
import { withRegions, type MultiHeapPlan } from "./plan.js";
import { callEach } from "./calls.js";
import { combinations, multiHeapOperations } from "./operations.js";
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
  /** The engine that calls no single functions, so that nothing but the replay was run; absent where there is more. */
  readonly notCalled?: string;
  /** The first difference, or fault; absent where there is none. */
  readonly mismatch?: { readonly operation: number; readonly message: string };
}

/** Operations between two comparisons. */
const interval = 64;

/**
 * @param bench with all C: the heaps' and this output's
 * @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed.
 */
export async function proveMultiHeap(written: MultiHeapPlan, bench: ProofBench): Promise<MultiHeapProof> {
  const sizes = addedSizes(written);
  const multiHeap = withRegions(written, sizes);
  const { files, target, compiler, optimize, engine } = bench;
  const { api } = multiHeap;
  const { image, heapAddresses } = await buildMultiHeapImage({
    sources: files,
    functions: {
      init: `${multiHeap.name}_init`,
      malloc: `${multiHeap.name}_malloc_caps`,
      free: `${multiHeap.name}_free`,
      ...(api.calloc ? { calloc: `${multiHeap.name}_calloc_caps` } : {}),
      ...(api.realloc ? { realloc: `${multiHeap.name}_realloc_caps` } : {}),
      ...(api.alignedAlloc ? { alignedAlloc: `${multiHeap.name}_aligned_alloc_caps` } : {}),
      more: api.usableSize ? [`${multiHeap.name}_usable_size`] : [],
    },
    capabilities: combinations(multiHeap),
    heaps: multiHeap.heaps.map(({ plan }, index) => imageHeap(plan, index - written.heaps.length)),
    added: {
      function: `${multiHeap.name}_add_region`,
      regions: [
        // Too small: refused, and not counted.
        ...(sizes.length === 0 ? [] : [{ symbol: addedRegion(0), bytes: leastOf(written) - 1 }]),
        ...sizes.map((bytes, index) => ({ symbol: addedRegion(index), bytes })),
        // One more than there may be.
        ...(written.regions?.most === sizes.length ? [{ symbol: addedRegion(0), bytes: sizes[0] ?? 0 }] : []),
      ],
    },
    target,
    compiler,
    optimize,
  });
  const operations = multiHeapOperations(multiHeap, bench.seed, heapAddresses);
  const session = engine.open(image, target, operations);
  let proof: MultiHeapProof;
  try {
    proof = compare(multiHeap, operations, session, { image, heapAddresses });
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

const mostAdded = 2;

/** Bytes of the regions that are added: as many as a region takes, then where it takes less, less. */
function addedSizes({ regions }: MultiHeapPlan): readonly number[] {
  if (regions === undefined) return [];
  const { heapBytes, upTo } = regions.plan;
  const less = upTo === undefined ? heapBytes : Math.max(upTo.leastBytes, Math.floor(heapBytes / 3) | 1);
  return [heapBytes, less].slice(0, Math.min(mostAdded, regions.most));
}

const leastOf = ({ regions }: MultiHeapPlan): number =>
  regions?.plan.upTo?.leastBytes ?? regions?.plan.heapBytes ?? 1;

const addedRegion = (index: number): string => `added_region_${index}`;

/** @param added number of the region that was added; below 0 a heap that is there from the start */
function imageHeap(plan: Plan, added: number): ImageHeap {
  const names = allocatorNames(plan);
  const source = `${plan.name}.c`;
  if (added < 0) return { source, names, heapBytes: plan.heapBytes };
  const start = addedRegion(added);
  const region = { kind: "symbols", start, end: `${start}_end`, alignment: plan.heapAlignment } as const;
  return { source, names: { ...names, heapSymbol: start, region }, heapBytes: plan.heapBytes };
}

interface Built {
  readonly image: Image;
  readonly heapAddresses: readonly number[];
}

function compare(
  multiHeap: MultiHeapPlan,
  operations: MultiHeapOperations,
  session: Session,
  built: Built,
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
  { image, heapAddresses }: Built,
): string | undefined {
  for (const [index, { plan }] of heaps.entries()) {
    const heap = reference.heaps[index];
    if (heap === undefined) throw new Error("the reference has fewer heaps");
    const heapAddress = heapAddresses[index] ?? 0;
    const { bytes, mask } = metadataImage(plan, heap, heapAddress);
    const start = heapAddress - image.heapAddress;
    const differs = bytes.findIndex(
      (byte, at) => ((byte ^ (session.heap[start + at] ?? 0)) & (mask[at] ?? 0)) !== 0,
    );
    if (differs >= 0) return `byte ${differs} of ${plan.name}'s metadata differs`;
  }
  return undefined;
}
