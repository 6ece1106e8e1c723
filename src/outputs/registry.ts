/** All outputs. */
import { cOutput } from "./c/output.js";
import { glueOutput } from "./glue/output.js";
import { layoutModule } from "./layout-module/output.js";
import { multiHeap } from "./multi-heap/output.js";
import { packages } from "./packages/output.js";
import type { Output } from "./output.js";

/** In the order in which a heap's files are written; those of all heaps together come after the heaps'. */
export const allOutputs: readonly Output[] = [cOutput, layoutModule, glueOutput, multiHeap, packages];
