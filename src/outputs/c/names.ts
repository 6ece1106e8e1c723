/** The symbols of the generated C that a replay needs to know. */
import type { AllocatorNames } from "../../toolchain/allocator-names.js";
import { regionSymbol, type HeapRegion } from "../../toolchain/heap-region.js";
import type { PlacedFunction } from "../../csource/source-lines.js";
import { tagBits } from "../../header/facts.js";
import type { Plan } from "../../plan/plan.js";
import { byFunction, namesOf } from "../../traces/operation.js";

/** The heap's symbol, and how it comes to its place. */
function heapOf({
  placement,
  heapAlignment: alignment,
}: Plan): Pick<AllocatorNames, "heapSymbol" | "region"> {
  switch (placement.kind) {
    case "static":
      return { heapSymbol: "heap" };
    case "linker":
      return placed({ kind: "symbols", start: placement.start, end: placement.end, alignment });
    case "runtime":
      return placed({ kind: "handed", asParameter: placement.instances === "many", alignment });
  }
}

const placed = (region: HeapRegion) => ({ heapSymbol: regionSymbol(region), region });

/** Functions that the header declares and the replay does not call: an image has them only where it is told to. */
export function uncalledNames(
  files: readonly { readonly functions?: readonly PlacedFunction[] }[],
  called: AllocatorNames,
): readonly string[] {
  const known = [called.init, ...Object.values(byFunction(called, (name) => called[name] ?? ""))];
  return files
    .flatMap(({ functions = [] }) => functions)
    .filter(
      ({ linkage, name }) =>
        linkage === "external" && !known.includes(name) && name !== called.faultHook?.name,
    )
    .map(({ name }) => name);
}

/** Functions that the header declares. @param uncalled those that the replay does not call */
export function publicNames(plan: Plan, uncalled: readonly string[]): readonly string[] {
  const names = allocatorNames(plan);
  return [names.init, ...namesOf(names).map((name) => names[name] ?? ""), ...uncalled];
}

const isMany = ({ placement }: Plan): boolean =>
  placement.kind === "runtime" && placement.instances === "many";

/** What the replay calls the allocator's functions by. */
export function allocatorNames(plan: Plan): AllocatorNames {
  const tagged = tagBits(plan.header) > 0;
  return {
    ...heapOf(plan),
    ...(plan.lock.kind === "custom"
      ? { lockHooks: { header: plan.lock.header, prefix: plan.name.toUpperCase() } }
      : {}),
    ...(plan.api.failureHook
      ? { failureHook: { name: `${plan.name}_failed`, takesHeap: isMany(plan) } }
      : {}),
    ...(plan.hardening === undefined
      ? {}
      : { faultHook: { name: plan.hardening.hook, isGiven: plan.hardening.isGiven } }),
    init: `${plan.name}_init`,
    malloc: tagged ? `${plan.name}_malloc_tagged` : `${plan.name}_malloc`,
    free: `${plan.name}_free`,
    ...(plan.api.calloc ? { calloc: `${plan.name}_calloc` } : {}),
    ...(plan.api.realloc ? { realloc: `${plan.name}_realloc` } : {}),
    ...(plan.api.alignedAlloc ? { alignedAlloc: `${plan.name}_aligned_alloc` } : {}),
    tagged,
  };
}
