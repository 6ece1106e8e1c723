/** A candidate as something that is sized: its heap, or all heaps behind its front, of which the last one's size is found. */
import { loweringFront } from "../outputs/multi-heap/lowering.js";
import { planMultiHeap } from "../outputs/multi-heap/plan.js";
import { AllocGenError } from "../diagnostics.js";
import { firstRefusedBy } from "../sizing/reference-run.js";
import { heapToSize, planAt, type SizedHeap } from "../sizing/sizing.js";
import { smallBytes, type Candidate } from "./candidates.js";

export function sizedCandidate({ project, front }: Candidate): SizedHeap {
  const { loaded, target, plan } = project;
  const last = heapToSize(loaded.config, target, plan.api.realloc);
  if (front === undefined) return last;
  const before = smallBytes(front);
  const small = front.small.map((each) => each.plan);
  const ownRealloc = front.config.api.realloc;
  return {
    alignment: last.alignment,
    mostBytes: last.mostBytes,
    ownRealloc,
    judge: (heapBytes, trace) => {
      const planned = heapBytes <= before ? undefined : planAt(loaded.config, target, heapBytes - before);
      if (planned === undefined) return { why: "the pools alone take more" };
      if (planned instanceof AllocGenError)
        return { why: planned.diagnostics.map(({ message }) => message).join("; ") };
      const heap = loweringFront(planMultiHeap(front.config, [...small, planned]));
      const operation = firstRefusedBy(heap, trace, ownRealloc);
      return operation === undefined ? {} : { operation };
    },
  };
}
