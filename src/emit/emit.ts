/** Plan to C: two files, the same bytes for the same config. */
import { checkLocks } from "../csource/locks.js";
import { lineCount, moved, placedFunctions, type PlacedFunction } from "../csource/placed.js";
import type { Plan } from "../plan/plan.js";
import { addressHeap, addressHeapInHeader } from "./address-heap.js";
import { checkLocks as checkTextLocks } from "./check-locks.js";
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
    if (plan.lock.kind !== "none") checkTextLocks(text, plan.name);
    const addressed = addressHeap(text, plan);
    return { name, text: addressed, functions: placedFunctions(addressed) };
  }
  const unit = emitUnit(plan, source, view);
  if (plan.lock.kind !== "none") checkLocks(unit.records, plan.name);
  const usesBool = source.includesBool === true || unit.words.has("bool");
  const head = `${render("unit/head.c", { ...view, usesBool }).trimEnd()}

`;
  return { name, text: `${head}${unit.text}`, functions: moved(unit.functions, lineCount(head)) };
}
