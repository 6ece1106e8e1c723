/** Where the heap's bytes come from, in the words of the templates and of the brief. */
import type { Placement } from "../plan/plan.js";
import type { View } from "./view.js";

export function placementView(placement: Placement): View {
  const { kind } = placement;
  return {
    heapStatic: kind === "static",
    heapLinker: kind === "linker",
    heapRuntime: kind === "runtime",
    heapMany: kind === "runtime" && placement.instances === "many",
    section: kind === "static" ? (placement.section ?? "") : "",
    heapStart: kind === "linker" ? placement.start : "",
    heapEnd: kind === "linker" ? placement.end : "",
  };
}
