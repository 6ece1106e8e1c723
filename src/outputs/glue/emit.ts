/** The texts of what a config asks for beside the C. */
import type { Plan } from "../../plan/plan.js";
import type { Provenance } from "../c/c-view.js";
import type { GeneratedFile } from "../c/emit.js";
import { cmakeFiles, makeFiles, mesonFiles } from "./build-systems.js";
import { newlibFiles, picolibcFiles } from "./c-library.js";
import type { GlueChoice } from "./config.js";
import { cppFiles } from "./cpp.js";
import { freertosFiles } from "./freertos.js";
import { gdbFiles } from "./gdb.js";
import type { GlueView } from "./glue-file.js";
import { cjsonFiles, luaFiles, lvglFiles, mbedtlsFiles, sqliteFiles } from "./libraries.js";
import { recorderFiles } from "./recorder.js";
import { rustFiles } from "./rust.js";

/** Names relative to the output folder; the same plan gives the same bytes. */
export function emitGlue(
  all: readonly GlueChoice[],
  plan: Plan,
  provenance: Provenance,
): readonly GeneratedFile[] {
  const view = viewOf(plan, provenance);
  return all.flatMap((choice) => filesOf(choice, plan, view, all));
}

function filesOf(
  choice: GlueChoice,
  plan: Plan,
  view: GlueView,
  all: readonly GlueChoice[],
): readonly GeneratedFile[] {
  switch (choice.kind) {
    case "newlib":
      return newlibFiles(choice, plan, view, all);
    case "picolibc":
      return picolibcFiles(choice, plan, view, all);
    case "freertos":
      return freertosFiles(choice, plan, view, all);
    case "cpp":
      return cppFiles(choice, plan, view, all);
    case "rust":
      return rustFiles(choice, plan, view, all);
    case "lua":
      return luaFiles(choice, plan, view, all);
    case "cjson":
      return cjsonFiles(choice, plan, view, all);
    case "mbedtls":
      return mbedtlsFiles(choice, plan, view, all);
    case "sqlite":
      return sqliteFiles(choice, plan, view, all);
    case "lvgl":
      return lvglFiles(choice, plan, view, all);
    case "gdb":
      return gdbFiles(choice, plan, view, all);
    case "recorder":
      return recorderFiles(choice, plan, view, all);
    case "cmake":
      return cmakeFiles(choice, plan, view, all);
    case "make":
      return makeFiles(choice, plan, view, all);
    case "meson":
      return mesonFiles(choice, plan, view, all);
    case "zephyr":
    case "esp-idf":
    case "platformio":
    case "arduino":
    case "cmsis-pack":
      // Of all heaps of the folder: src/outputs/packages.
      return [];
  }
}

function viewOf(plan: Plan, { version, configName }: Provenance): GlueView {
  return { name: plan.name, NAME: plan.name.toUpperCase(), version, configName };
}
