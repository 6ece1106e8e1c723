/** The image of several heaps and of what is over them, and where each heap is in it. */
import type { Plan } from "../../plan/plan.js";
import { allocatorNames } from "../c/names.js";
import type { ProofBench } from "../output.js";
import type { FrontImage } from "./bounds.js";
import { buildMultiHeapImage, type ImageHeap } from "./build.js";
import { combinations } from "./operations.js";
import { frontNames, withRegions, type MultiHeapPlan } from "./plan.js";

export interface BuiltFront extends FrontImage {
  /** With the regions that were added. */
  readonly multiHeap: MultiHeapPlan;
}

/**
 * @param bench with all C: the heaps' and this output's
 * @throws AllocGenError, exit code 3: no compiler, C that does not compile
 */
export async function buildFront(
  written: MultiHeapPlan,
  { files, target, compiler, optimize }: Pick<ProofBench, "files" | "target" | "compiler" | "optimize">,
): Promise<BuiltFront> {
  const sizes = addedSizes(written);
  const multiHeap = withRegions(written, sizes);
  const built = await buildMultiHeapImage({
    sources: files,
    functions: frontNames(multiHeap),
    ...(multiHeap.by === "size" ? {} : { capabilities: combinations(multiHeap) }),
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
  return { multiHeap, ...built };
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
