/** The texts of what a config asks for beside the C. */
import type { View } from "../../csource/view.js";
import type { Plan } from "../../plan/plan.js";
import type { Provenance } from "../c/c-view.js";
import type { GeneratedFile } from "../c/emit.js";
import { newlibFiles, picolibcFiles } from "./c-library.js";
import type { GlueChoice } from "./config.js";
import { cppFiles } from "./cpp.js";
import { freertosFiles } from "./freertos.js";

/** Names relative to the output folder; the same plan gives the same bytes. */
export function emitGlue(choice: GlueChoice, plan: Plan, provenance: Provenance): readonly GeneratedFile[] {
  const view = viewOf(plan, provenance);
  switch (choice.kind) {
    case "newlib":
      return newlibFiles(choice, plan, view);
    case "picolibc":
      return picolibcFiles(choice, plan, view);
    case "freertos":
      return freertosFiles(choice, plan, view);
    case "cpp":
      return cppFiles(choice, plan, view);
  }
}

function viewOf(plan: Plan, { version, configName }: Provenance): View {
  return { name: plan.name, NAME: plan.name.toUpperCase(), version, configName };
}
