/** Where the heap's bytes come from, in the words of the templates and of the brief. */
import type { Plan } from "../../plan/plan.js";
import { hasReadyFlag } from "./before-init.js";
import { unsigned } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";

export function placementView(plan: Plan): View {
  const { placement, name, alignment, heapAlignment } = plan;
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
    beforeInit: beforeInit(plan),
    readyFlag: hasReadyFlag(plan),
    heapStart: kind === "linker" ? placement.start : "",
    heapEnd: kind === "linker" ? placement.end : "",
    endRules: plan.upTo === undefined ? [] : [{ broken: endIsWrong(plan) }],
  };
}

/** What `check` asks of the end that init found. Of memory that was handed over nobody else knows how much there is. */
function endIsWrong({ placement, name }: Plan): string {
  const end = "heap.control.end";
  if (placement.kind === "linker") {
    return `${end} != end_of_blocks((uintptr_t)${placement.end} - (uintptr_t)${placement.start})`;
  }
  const most = `end_of_blocks(${name.toUpperCase()}_SIZE_BYTES)`;
  return `(${end} < FIRST_BLOCK) || (${end} > ${most}) || (((${end} + HEADER_BYTES) & GRANULE_MASK) != 0U)`;
}

/** What the header says of calls before init, and of who calls it. */
function beforeInit({ placement, init }: Plan): string {
  switch (init) {
    case "lazy":
      return `Need not be called: the first request does${placement.kind === "linker" ? ", and fails where this fails" : ""}.`;
    case "constructor":
      return "A constructor of priority 101 calls it before main; until then every request fails.";
    case "explicit":
      return beforeCall(placement);
  }
}

function beforeCall(placement: Plan["placement"]): string {
  switch (placement.kind) {
    case "static":
      return placement.section === undefined
        ? "Until it is called, every request fails: the memory is zero at the start of the program."
        : "Until it is called, every request fails; the section need not be zero at the start of the program.";
    case "linker":
      return "Until it succeeds, the other functions return NULL or have no effect; the memory need not be zero.";
    case "runtime":
      return placement.instances === "many"
        ? "Given NULL for a heap, the other functions return NULL or have no effect."
        : "Until it succeeds, the other functions return NULL or have no effect.";
  }
}
