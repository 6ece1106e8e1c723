/** Every sequence of requests within limits on a tiny heap: sequences that end in one state are continued once. */
import type { Plan } from "../plan/plan.js";
import type { ReferenceHeap } from "../reference/reference-heap.js";
import type { Demand } from "./demand.js";

type Step = { readonly malloc: number } | { readonly free: number };
interface LiveBlock {
  readonly payload: number;
  readonly request: number;
}

/** All that decides what the heap does next, and what the program may. */
function stateOf(plan: Plan, heap: ReferenceHeap, live: readonly LiveBlock[]): string {
  const blocks = [...heap.blocks()].map(({ start, size, free, quick }) => [start, size, free, quick]);
  const listed = heap.freeList().map(({ start }) => start);
  const values = heap.control();
  const control = plan.control.map(({ name }) => values.get(name));
  const held = live
    .map(({ payload, request }) => [payload, request])
    .sort(([left = 0], [right = 0]) => left - right);
  return JSON.stringify([blocks, listed, control, heap.wildernessStart(), held]);
}

/**
 * A sequence whose last request gets NULL though it is within the limits; undefined: there is none.
 * @param requests the sizes that are asked for
 * @param most states that are looked at
 * @throws Error: there are more states
 */
export function failingSequence(
  plan: Plan,
  demand: Demand,
  requests: readonly number[],
  most = 60_000,
): readonly Step[] | undefined {
  const known = new Set<string>();
  // Shorter sequences first: those that end in a state that is known are not continued.
  let shortest: readonly (readonly Step[])[] = [[]];
  while (shortest.length > 0) {
    const longer: (readonly Step[])[] = [];
    for (const steps of shortest) {
      const { heap, live, failed } = run(plan, steps);
      if (failed) return steps;
      const state = stateOf(plan, heap, live);
      if (known.has(state)) continue;
      known.add(state);
      if (known.size > most) throw new Error(`more than ${most} states`);
      const used = live.reduce((sum, { request }) => sum + request, 0);
      for (const [index] of live.entries()) longer.push([...steps, { free: index }]);
      for (const request of requests)
        if (used + request <= demand.liveBytes && live.length < demand.blocks)
          longer.push([...steps, { malloc: request }]);
    }
    shortest = longer;
  }
  return undefined;
}

function run(
  plan: Plan,
  steps: readonly Step[],
): { readonly heap: ReferenceHeap; readonly live: readonly LiveBlock[]; readonly failed: boolean } {
  const heap = plan.rules.reference(plan);
  let live: readonly LiveBlock[] = [];
  for (const step of steps) {
    if ("free" in step) {
      heap.free(live[step.free]?.payload ?? -1);
      live = live.toSpliced(step.free, 1);
    } else {
      const { payload } = heap.malloc(step.malloc, 0);
      if (payload < 0) return { heap, live, failed: true };
      live = [...live, { payload, request: step.malloc }];
    }
  }
  return { heap, live, failed: false };
}
