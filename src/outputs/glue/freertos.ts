/** The heap of the FreeRTOS kernel: what its portable.h declares of one (FreeRTOS-Kernel, include/portable.h). */
import { unsigned } from "../../csource/c-text.js";
import { hasHeaders } from "../../plan/plan.js";
import { glueFile, isShared, type GlueFiles } from "./glue-file.js";

export const freertosFiles: GlueFiles<"freertos"> = (_choice, plan, view) => [
  glueFile(`${plan.name}_freertos.c`, "freertos.c", {
    ...view,
    brief: `The heap of the FreeRTOS kernel, served by ${plan.name}.`,
    blockBytes: unsigned(plan.endOfBlocks - plan.firstBlock),
    headerBytes: unsigned(hasHeaders(plan) ? plan.header.bytes : 0),
    isShared: isShared(plan),
    isLocked: plan.lock.kind !== "none",
    // An array is always ready; other memory may be less than the config says.
    tellsReady: plan.placement.kind !== "static",
    // A heap may have free bytes behind its last block, which no walk visits.
    hasWilderness: plan.rules.view(plan)["hasWilderness"] === true,
  }),
];
