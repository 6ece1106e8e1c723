/** Rust: the heap as the program's GlobalAlloc, with its constants. */
import { glueFile, isShared, type GlueFiles } from "./glue-file.js";

export const rustFiles: GlueFiles<"rust"> = ({ edition = "2021" }, plan, view) => {
  const { placement } = plan;
  const takesMemory = placement.kind === "runtime";
  return [
    glueFile(`${plan.name}.rs`, "heap.rs", {
      ...view,
      mark: "//",
      brief: `Rust's allocator, served by ${plan.name}.`,
      takesMemory,
      isShared: isShared(plan),
      tellsReady: placement.kind === "linker",
      isLocked: plan.lock.kind !== "none",
      initParameters: takesMemory ? "memory: *mut c_void, bytes: usize" : "",
      initResult: placement.kind === "static" ? "" : " -> bool",
      // Edition 2024 asks for the word, and compilers before 1.82 do not know it.
      extern: edition === "2024" ? "unsafe extern" : "extern",
      heapBytes: String(plan.heapBytes),
      alignment: String(plan.alignment),
      maximumAlignment: String(plan.maximumAlignment),
      maximumRequest: String(plan.maximumRequestBytes),
    }),
  ];
};
