/** The heap of the FreeRTOS kernel: what its portable.h declares of one (FreeRTOS-Kernel, include/portable.h). */
import { unsigned } from "../../csource/c-text.js";
import { hasHeaders } from "../../plan/plan.js";
import { glueFile, isShared, type GlueFiles } from "./glue-file.js";

export const freertosFiles: GlueFiles<"freertos"> = (_choice, plan, view) => {
  // Others initialise a heap that they share with the kernel.
  const mode = isShared(plan) ? "shared" : "own";
  return [
    glueFile(`${plan.name}_freertos.c`, "freertos.c", {
      ...view,
      brief: `The heap of the FreeRTOS kernel, served by ${plan.name}.`,
      headerBytes: unsigned(hasHeaders(plan) ? plan.header.bytes : 0),
      headTemplate: `glue/freertos-${mode}-head`,
      readyTemplate: `glue/freertos-${mode}-ready`,
      isOwn: mode === "own",
      resetTemplate: `glue/freertos-${mode}-reset`,
      isLocked: plan.lock.kind !== "none",
      // An array is always ready; other memory may be less than the config says.
      tellsReady: plan.placement.kind !== "static",
      // A heap may have free bytes behind its last block, which no walk visits.
      hasWilderness: plan.rules.view(plan)["hasWilderness"] === true,
    }),
  ];
};
