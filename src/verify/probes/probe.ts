/** What a probe is: how one public function is called, and what the reference says must come back. */
import type { Plan } from "../../plan/plan.js";
import type { Random } from "../../traces/random.js";
import type { Observation } from "./observation.js";
import type { ProbedHeap } from "./probed-heap.js";

export type { Observation } from "./observation.js";

/** A function that changes nothing: called again and again, between operations. */
export interface Look {
  readonly kind: "looks";
  readonly look: (heap: ProbedHeap) => Iterable<Observation>;
  /** Whether it may merge blocks that wait to be merged, as the reference does then. Changes nothing when left out. */
  readonly mayMerge?: (plan: Plan) => boolean;
  /** Looks at a heap that is damaged, once and again, and mended each time. */
  readonly lookAtDamage?: (heap: ProbedHeap, random: Random) => Iterable<Observation>;
}

/** A function that changes the heap: called on both sides. */
export interface Change {
  readonly kind: "changes";
  /** How often it is chosen, beside the others. */
  readonly weight: number;
  readonly change: (heap: ProbedHeap, draw: Draw) => Iterable<Observation>;
}

export type Probe = Look | Change;

/** What arguments are drawn from. */
export interface Draw {
  readonly random: Random;
  /** Bytes to ask for. */
  readonly size: () => number;
}
