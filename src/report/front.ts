/** The report of the front over several heaps. */
import type { FrontPlan } from "../front/front-plan.js";
import type { FrontProof } from "../front/prove-front.js";

export interface FrontReport {
  readonly name: string;
  readonly ok: boolean;
  readonly operations: number;
  /** Requests served by each heap, in the order in which they are tried. */
  readonly served: readonly { readonly heap: string; readonly calls: number }[];
  /** Requests that a heap other than the first with the capabilities served. */
  readonly fellBack: number;
  /** Requests for capabilities that no heap has. */
  readonly incapable: number;
  /** Requests that no heap with the capabilities had room for. */
  readonly full: number;
  readonly mismatch?: { readonly operation: number; readonly message: string };
}

export function reportFront(front: FrontPlan, proof: FrontProof): FrontReport {
  const { operations, served, fellBack, incapable, full, mismatch } = proof;
  return {
    name: front.name,
    ok: mismatch === undefined,
    operations,
    served: front.heaps.map(({ plan }, index) => ({ heap: plan.name, calls: served[index] ?? 0 })),
    ...{ fellBack, incapable, full },
    ...(mismatch === undefined ? {} : { mismatch }),
  };
}
