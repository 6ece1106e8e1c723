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
    beforeInit: beforeInit(placement),
    heapStart: kind === "linker" ? placement.start : "",
    heapEnd: kind === "linker" ? placement.end : "",
  };
}

/** What the header says of calls before init. */
function beforeInit(placement: Plan["placement"]): string {
  switch (placement.kind) {
    case "static":
      return placement.section === undefined
        ? "Until it is called, every request fails: the memory is zero at the start of the program."
        : "Must be called before any other function, unless the section is zeroed at the start of the program.";
    case "linker":
      return "Must be called before any other function: the memory need not be zero at the start of the program.";
    case "runtime":
      return placement.instances === "many"
        ? "Given NULL for a heap, the other functions return NULL or have no effect."
        : "Until it succeeds, the other functions return NULL or have no effect.";
  }
}
