/** The heap of the FreeRTOS kernel: what its portable.h declares of one (FreeRTOS-Kernel, include/portable.h). */
import { unsigned } from "../../csource/c-text.js";
import { hasHeaders, type Plan } from "../../plan/plan.js";
import { glueFile, type GlueFiles } from "./glue-file.js";

export const freertosFiles: GlueFiles<"freertos"> = (_choice, plan, view) => [
  glueFile(`${plan.name}_freertos.c`, "freertos.c", {
    ...view,
    brief: `The heap of the FreeRTOS kernel, served by ${plan.name}.`,
    blockBytes: unsigned(plan.endOfBlocks - plan.firstBlock),
    headerBytes: unsigned(hasHeaders(plan) ? plan.header.bytes : 0),
    makeReady: makeReady(plan),
  }),
];

/** An array is always ready; other memory may be less than the config says. */
const makeReady = ({ name, placement }: Plan): string =>
  placement.kind === "static"
    ? `        ${name}_init();
        is_ready   = true;
        free_bytes = BLOCK_BYTES;`
    : `        is_ready = ${name}_init();
        configASSERT(is_ready); /* The linker script gives the heap less memory than the config says. */
        free_bytes = is_ready ? BLOCK_BYTES : 0U;`;
