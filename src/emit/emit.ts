/** Plan to C: two files, the same bytes for the same config. */
import type { PlacedFunction } from "../csource/unit.js";
import type { Plan } from "../plan/plan.js";
import { addressHeap, addressHeapInHeader } from "./address-heap.js";
import { checkLocks } from "./check-locks.js";
import { cView, type Provenance } from "./c-view.js";
import { emitUnit } from "./emit-unit.js";
import { render } from "./render.js";

export interface GeneratedFile {
  /** Relative to the output folder. */
  readonly name: string;
  readonly text: string;
  /** Of a C file: its functions, in its order. */
  readonly functions?: readonly PlacedFunction[];
}

export function emitC(plan: Plan, provenance: Provenance): readonly GeneratedFile[] {
  const view = cView(plan, provenance);
  return [
    { name: `${plan.name}.h`, text: addressHeapInHeader(render("heap.h", view), plan) },
    emitSource(plan, view),
  ];
}

function emitSource(plan: Plan, view: ReturnType<typeof cView>): GeneratedFile {
  const name = `${plan.name}.c`;
  const source = plan.rules.source?.(plan);
  if (source === undefined) {
    const text = render("heap.c", view);
    if (plan.lock.kind !== "none") checkLocks(text, plan.name);
    return { name, text: addressHeap(text, plan) };
  }
  const unit = emitUnit(plan, source, view);
  const usesBool = source.includesBool === true || unit.words.has("bool");
  const head = render("unit/head.c", { ...view, usesBool }).trimEnd();
  const before = head.split("\n").length + 1;
  const moved = unit.functions.map((each) => ({
    ...each,
    first: each.first + before,
    last: each.last + before,
    loops: each.loops.map((loop) => ({ ...loop, first: loop.first + before, last: loop.last + before })),
  }));
  return { name, text: `${head}\n\n${unit.text}`, functions: moved };
}
