/** Least heaps that are less chance than one is: of perturbed copies of each trace. */
import type { SizedImages } from "../src/peers/build-peer.js";
import type { Rig } from "../src/peers/candidate.js";
import { leastHeapOf, windowStep } from "../src/peers/least-heap.js";
import type { Edge } from "../src/sizing/least.js";
import { heapToSize, Sizing } from "../src/sizing/sizing.js";
import type { Trace } from "../src/traces/operation.js";
import { peakBytes } from "../src/traces/peak.js";
import { perturbedCopies } from "../src/traces/perturb/perturb.js";
import type { Robust } from "./field-candidates.js";
import type { LeastHeapFigures, RobustFigures } from "./field-data.js";
import { HostPeer } from "./host-peer.js";

const copies = 6;
const firstSeed = 1;

export interface RobustQuestion {
  readonly robust: Robust;
  /** Of the traces as they are, found on the core. */
  readonly leastHeaps: readonly LeastHeapFigures[];
  readonly before: readonly RobustFigures[];
  readonly rig: Rig;
  readonly images: SizedImages;
  readonly say: (text: string) => void;
}

/** The search for one allocator, in one trace or a copy of it. */
interface Search {
  edge(trace: Trace, near: number): Promise<Edge | undefined>;
  close(): void;
}

/**
 * The mean over the copies of each trace. What was found before is kept while image and trace stay as they were.
 * @throws Error where the host finds another least heap for the trace itself than the core
 */
export async function robustFigures(
  traces: readonly Trace[],
  { robust, leastHeaps, before, rig, images, say }: RobustQuestion,
): Promise<readonly RobustFigures[]> {
  const found: RobustFigures[] = [];
  const search = searchOf(robust, rig, images);
  for (const trace of traces) {
    const plain = leastHeaps.find((one) => one.trace === trace.name);
    const of = plain?.of ?? "";
    const known = before.find((one) => one.trace === trace.name && one.of === of);
    if (known !== undefined) found.push(known);
    else if (plain?.least)
      found.push({ trace: trace.name, of, ...(await meanOf(trace, plain.least, search)) });
    else found.push({ trace: trace.name, of, edge: null, steady: null });
    if (known === undefined)
      say(`  copies of ${trace.name}: ${found.at(-1)?.edge?.toFixed(3) ?? "not served"}`);
  }
  search.close();
  return found;
}

function searchOf(robust: Robust, rig: Rig, images: SizedImages): Search {
  switch (robust.by) {
    case "reference": {
      const { loaded, target } = robust.project;
      return {
        edge: (trace, near) =>
          new Sizing(heapToSize(loaded.config, target, false), trace).edge(windowStep, near),
        close: () => undefined,
      };
    }
    case "host":
      return new HostPeer(robust.peer);
    case "core":
      return {
        edge: async (trace) => {
          const least = await leastHeapOf(rig, images, trace, false);
          return least && { size: least.heapBytes, ...steadyOf(least) };
        },
        close: () => undefined,
      };
  }
}

const steadyOf = ({ steadyFrom }: { readonly steadyFrom?: number }): { readonly steadyFrom?: number } =>
  steadyFrom === undefined ? {} : { steadyFrom };

async function meanOf(
  trace: Trace,
  plain: NonNullable<LeastHeapFigures["least"]>,
  search: Search,
): Promise<Pick<RobustFigures, "edge" | "steady">> {
  const outside = plain.ramBytes - plain.heapBytes;
  let [edges, steadies] = [0, 0];
  for (const copy of perturbedCopies(trace, copies, firstSeed)) {
    const peak = peakBytes(copy, true);
    const edge = await search.edge(copy, (plain.heapBytes / peakBytes(trace, true)) * peak);
    if (edge === undefined) return { edge: null, steady: null };
    edges += (edge.size + outside) / peak / copies;
    steadies += ((edge.steadyFrom ?? edge.size) + outside) / peak / copies;
  }
  return { edge: edges, steady: steadies };
}
