/** Plan to C: two files, the same bytes for the same config. */
import { checkLocks } from "../csource/locks.js";
import { withHeapParameter } from "../csource/prototypes.js";
import { wordsOf, type CFunction } from "../csource/c-function.js";
import { tokenize } from "../csource/tokens.js";
import { trimmed } from "../csource/unit.js";
import { lineCount, moved, placedFunctions, type PlacedFunction } from "../csource/placed.js";
import type { Plan } from "../plan/plan.js";
import { addressHeap } from "./address-heap.js";
import { checkLocks as checkTextLocks } from "./check-locks.js";
import { cView, type Provenance } from "./c-view.js";
import { emitUnit } from "./emit-unit.js";
import { lastFunctions, publicFunctions } from "./public-functions.js";
import { render } from "./render.js";
import type { View } from "./view.js";

export interface GeneratedFile {
  /** Relative to the output folder. */
  readonly name: string;
  readonly text: string;
  /** Of a C file: its functions, in its order. */
  readonly functions?: readonly PlacedFunction[];
}

export function emitC(plan: Plan, provenance: Provenance): readonly GeneratedFile[] {
  const view = cView(plan, provenance);
  return [{ name: `${plan.name}.h`, text: headerText(plan, view) }, emitSource(plan, view)];
}

/** Comments and prototypes of the public functions; of many instances each prototype names the heap. */
function headerText(plan: Plan, view: View): string {
  const { placement, name } = plan;
  const isParameter = placement.kind === "runtime" && placement.instances === "many";
  const addressed = (text: string): string => (isParameter ? withHeapParameter(text, name) : text);
  const own = (plan.rules.source?.(plan).api.more ?? []).map(({ template }) => `${template}.h`);
  const whole = view["ownDeclarations"];
  const declarations = [
    ...publicFunctions(plan).map(({ declaration }) => `${declaration}.h`),
    ...own,
    ...(own.length === 0 && typeof whole === "string" && whole !== "" ? [whole] : []),
    ...lastFunctions(plan).map(({ declaration }) => `${declaration}.h`),
  ].map((template) => addressed(trimmed(render(template, view))));
  const usesBool =
    placement.kind !== "static" || declarations.some((text) => wordsOf(tokenize(text)).includes("bool"));
  return render("unit/header.h", { ...view, usesBool, declarations: declarations.join("\n") });
}

function emitSource(plan: Plan, view: View): GeneratedFile {
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
  const usesBool = source.includesBool === true || usesTruthValues(unit.records, plan.name);
  const head = `${render("unit/head.c", { ...view, usesBool }).trimEnd()}

`;
  return { name, text: `${head}${unit.text}`, functions: moved(unit.functions, lineCount(head)) };
}

/** Whether a function needs bool that does not come with its declaration in the header, as that of init and owns. */
const usesTruthValues = (functions: readonly CFunction[], heap: string): boolean =>
  functions.some(
    ({ name, words }) => words.has("bool") && name !== `${heap}_init` && name !== `${heap}_owns`,
  );
