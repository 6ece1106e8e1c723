/** The C library's malloc: what its malloc.h declares, and what POSIX and BSD programs call beside. */
import type { Plan } from "../../plan/plan.js";
import { glueFile, type GlueFiles, type GlueView } from "./glue-file.js";

/** With the reentrant forms, which newlib itself calls. */
export const newlibFiles: GlueFiles<"newlib"> = (_choice, plan, view) => [
  glueFile(`${plan.name}_newlib.c`, "newlib.c", libraryView(plan, view, "newlib")),
];

export const picolibcFiles: GlueFiles<"picolibc"> = (_choice, plan, view) => [
  glueFile(`${plan.name}_picolibc.c`, "picolibc.c", libraryView(plan, view, "picolibc")),
];

const libraryView = ({ name, init, lock }: Plan, view: GlueView, library: string) => ({
  ...view,
  brief: `${library}'s malloc, served by ${name}.`,
  isLazy: init === "lazy",
  isLocked: lock.kind !== "none",
});
