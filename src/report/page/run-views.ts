/** What of a run is drawn where the page is read. */
import { operationName, operationNames } from "../../traces/operation.js";
import type { HeapPictures, WorkloadPictures } from "../../pictures/pictures.js";
import type { HistogramView, TimeView, TimeWorkload } from "./data.js";
import { packed, packedSteps } from "./pack.js";

export const timeView = ({ heapBytes, firstBlock, workloads }: HeapPictures): TimeView => ({
  kind: "time",
  heapBytes,
  firstBlock,
  workloads: workloads.map(timeWorkload),
});

function timeWorkload({ name, kinds, blocks, failed, cycles, memory }: WorkloadPictures): TimeWorkload {
  return {
    name,
    operations: kinds.length,
    blocks: {
      from: packedSteps(blocks.from),
      life: packed(blocks.to.map((to, index) => to - (blocks.from[index] ?? 0))),
      offset: packed(blocks.offset),
      bytes: packed(blocks.bytes),
      ...(blocks.tag === undefined ? {} : { tag: packed(blocks.tag) }),
    },
    failed: packedSteps(failed),
    cycles: packed(cycles),
    memory: {
      at: packedSteps(memory.at),
      payload: packedSteps(memory.payload),
      padding: packedSteps(memory.padding),
      headers: packedSteps(memory.headers),
      free: packedSteps(memory.free),
      largestFree: packedSteps(memory.largestFree),
    },
  };
}

/** Of all workloads together, a function each. */
export function histogramViews(
  pictures: HeapPictures | undefined,
  boundOf: (name: string) => number | null,
): readonly HistogramView[] {
  const counts = new Map<number, Map<number, number>>();
  for (const { kinds, cycles } of pictures?.workloads ?? []) {
    for (const [index, code] of kinds.entries()) {
      const taken = cycles[index] ?? 0;
      const own = counts.get(code) ?? new Map<number, number>();
      counts.set(code, own.set(taken, (own.get(taken) ?? 0) + 1));
    }
  }
  return operationNames.flatMap((_, index) => {
    const own = counts.get(index + 1);
    if (own === undefined) return [];
    const name = operationName(index + 1);
    const bins = [...own].sort(([left], [right]) => left - right);
    return [{ kind: "histogram", name, bins, bound: boundOf(name) } as const];
  });
}
