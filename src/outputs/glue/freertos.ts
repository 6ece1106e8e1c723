/** The heap of the FreeRTOS kernel: what its portable.h declares of one (FreeRTOS-Kernel, include/portable.h). */
import { unsigned } from "../../csource/c-text.js";
import { hasHeaders } from "../../plan/plan.js";
import { glueFile, type GlueFiles } from "./glue-file.js";

export const freertosFiles: GlueFiles<"freertos"> = (_choice, plan, view) => [
  glueFile(`${plan.name}_freertos.c`, "freertos.c", {
    ...view,
    brief: `The heap of the FreeRTOS kernel, served by ${plan.name}.`,
    blockBytes: unsigned(plan.endOfBlocks - plan.firstBlock),
    headerBytes: unsigned(hasHeaders(plan) ? plan.header.bytes : 0),
    tellsReady: plan.placement.kind !== "static",
  }),
];
