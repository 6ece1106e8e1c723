/** Plan to C: two files, the same bytes for the same config. */
import { wordsOf } from "../../csource/c-function.js";
import { checkLocks } from "../../csource/locks.js";
import { lineCount, moved, type PlacedFunction } from "../../csource/source-lines.js";
import { withHeapParameter } from "../../csource/prototypes.js";
import { tokenize } from "../../csource/tokens.js";
import { trimmed } from "../../csource/unit.js";
import { wrapped } from "../../csource/wrap.js";
import type { Plan } from "../../plan/plan.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { hasReadyFlag } from "./before-init.js";
import { cView, type Provenance } from "./c-view.js";
import { emitUnit } from "./emit-unit.js";
import { misraDeviations } from "./misra.js";
import { attributesTemplate, freeFirst, withAttributes, withoutAttributes } from "./attributes.js";
import { hooks, lastFunctions, publicFunctions, type PublicFunction } from "./public-functions.js";
import { render } from "../../csource/render.js";
import type { View } from "../../csource/view.js";

export interface GeneratedFile {
  /** Relative to the output folder. */
  readonly name: string;
  readonly text: string;
  /** Of a C file: its functions, in its order. */
  readonly functions?: readonly PlacedFunction[];
}

/** What was emitted of each plan, by its provenance: a run asks for it once to prove it and once to write it. */
const emitted = new WeakMap<Plan, Map<string, readonly GeneratedFile[]>>();

export function emitC(plan: Plan, provenance: Provenance): readonly GeneratedFile[] {
  const known = emitted.get(plan) ?? new Map<string, readonly GeneratedFile[]>();
  emitted.set(plan, known);
  const key = JSON.stringify(provenance);
  const files = known.get(key) ?? emitNew(plan, provenance);
  known.set(key, files);
  return files;
}

function emitNew(plan: Plan, provenance: Provenance): readonly GeneratedFile[] {
  const view = cView(plan, provenance);
  const source = plan.rules.source(plan);
  return [{ name: `${plan.name}.h`, text: headerText(plan, source, view) }, emitSource(plan, source, view)];
}

/** Comments and prototypes of the public functions; of many instances each prototype names the heap. */
function headerText(plan: Plan, { folder, api }: PolicySource, view: View): string {
  const { placement, name } = plan;
  const isParameter = placement.kind === "runtime" && placement.instances === "many";
  const addressed = (text: string): string => (isParameter ? withHeapParameter(text, name) : text);
  const texts = (functions: readonly Pick<PublicFunction, "name" | "declaration">[]): readonly string[] =>
    functions.map((each) => withAttributes(plan, each, declared(each.declaration)));
  const declared = (template: string): string =>
    wrapped(addressed(trimmed(render(`${template}.h`, view, folder))));
  const declarations = [
    ...(plan.hardening === undefined ? [] : [declared(attributesTemplate)]),
    ...texts(freeFirst(plan, publicFunctions(plan))),
    ...(api.more ?? []).map(({ template }) => declared(template)),
    ...texts([...lastFunctions(plan), ...hooks(plan)]),
  ];
  const usesBool = declarations.some((text) => wordsOf(tokenize(text)).includes("bool"));
  return render("unit/header.h", { ...view, usesBool, declarations: declarations.join("\n") });
}

function emitSource(plan: Plan, source: PolicySource, view: View): GeneratedFile {
  const unit = emitUnit(plan, source, view);
  if (plan.lock.kind !== "none") checkLocks(unit.records, plan.name);
  const usesBool = hasReadyFlag(plan) || unit.records.some(({ words }) => words.has("bool"));
  const plain = `${render("unit/head.c", { ...view, usesBool, deviations: misraDeviations(unit.text) }).trimEnd()}\n\n`;
  const head = withoutAttributes(plan, plain);
  return {
    name: `${plan.name}.c`,
    text: `${head}${unit.text}`,
    functions: moved(unit.functions, lineCount(head)),
  };
}
