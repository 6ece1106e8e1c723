/** The hooks of libraries that take an allocator: a header each, and for LVGL what it links to. */
import { glueFile, isShared, type GlueFiles } from "./glue-file.js";

export const luaFiles: GlueFiles<"lua"> = (_choice, { name }, view) => [
  glueFile(`${name}_lua.h`, "lua.h", { ...view, brief: `Lua's allocator, served by ${name}.` }),
];

export const cjsonFiles: GlueFiles<"cjson"> = (_choice, { name }, view) => [
  glueFile(`${name}_cjson.h`, "cjson.h", { ...view, brief: `cJSON's hooks, served by ${name}.` }),
];

export const mbedtlsFiles: GlueFiles<"mbedtls"> = (_choice, { name }, view) => [
  glueFile(`${name}_mbedtls.h`, "mbedtls.h", {
    ...view,
    brief: `mbedtls' calloc and free, served by ${name}.`,
  }),
];

export const sqliteFiles: GlueFiles<"sqlite"> = (_choice, { name }, view) => [
  glueFile(`${name}_sqlite.h`, "sqlite.h", { ...view, brief: `SQLite's memory, served by ${name}.` }),
];

export const lvglFiles: GlueFiles<"lvgl"> = (_choice, plan, view) => [
  glueFile(`${plan.name}_lvgl.c`, "lvgl.c", {
    ...view,
    brief: `LVGL's memory, served by ${plan.name}.`,
    isShared: isShared(plan),
    tellsReady: plan.placement.kind !== "static",
  }),
];
