/** The C library's malloc: what its malloc.h declares, and what POSIX and BSD programs call beside. */
import { glueFile, type GlueFiles } from "./glue-file.js";

/** With the reentrant forms, which newlib itself calls. */
export const newlibFiles: GlueFiles<"newlib"> = (_choice, { name }, view) => [
  glueFile(`${name}_newlib.c`, "newlib.c", { ...view, brief: `newlib's malloc, served by ${name}.` }),
];

export const picolibcFiles: GlueFiles<"picolibc"> = (_choice, { name }, view) => [
  glueFile(`${name}_picolibc.c`, "picolibc.c", { ...view, brief: `picolibc's malloc, served by ${name}.` }),
];
