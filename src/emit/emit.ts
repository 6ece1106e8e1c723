/** Plan to C: two files, the same bytes for the same config. */
import type { Plan } from "../plan/plan.js";
import { addressHeap, addressHeapInHeader } from "./address-heap.js";
import { checkLocks } from "./check-locks.js";
import { cView, type Provenance } from "./c-view.js";
import { render } from "./render.js";

export interface GeneratedFile {
  /** Relative to the output folder. */
  readonly name: string;
  readonly text: string;
}

export function emitC(plan: Plan, provenance: Provenance): readonly GeneratedFile[] {
  const view = cView(plan, provenance);
  const source = render("heap.c", view);
  if (plan.lock.kind !== "none") checkLocks(source, plan.name);
  return [
    { name: `${plan.name}.h`, text: addressHeapInHeader(render("heap.h", view), plan) },
    { name: `${plan.name}.c`, text: addressHeap(source, plan) },
  ];
}
