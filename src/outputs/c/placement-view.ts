/** Where the heap's bytes come from, in the words of the templates and of the brief. */
import type { Plan } from "../../plan/plan.js";
import { unsigned } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";

export function placementView({ placement, name, alignment, heapAlignment }: Plan): View {
  const isAligned = heapAlignment === alignment;
  const prefix = name.toUpperCase();
  const { kind } = placement;
  return {
    heapStatic: kind === "static",
    heapLinker: kind === "linker",
    heapMany: kind === "runtime" && placement.instances === "many",
    heapAlignment: isAligned ? unsigned(alignment) : `${prefix}_HEAP_ALIGNMENT`,
    heapAlignmentName: `${prefix}_${isAligned ? "" : "HEAP_"}ALIGNMENT`,
    heapAlignmentBytes: isAligned ? "" : unsigned(heapAlignment),
    section: kind === "static" ? (placement.section ?? "") : "",
    sectionAttribute:
      kind === "static" && placement.section !== undefined
        ? ` __attribute__((section("${placement.section}")))`
        : "",
    heapStart: kind === "linker" ? placement.start : "",
    heapEnd: kind === "linker" ? placement.end : "",
  };
}
