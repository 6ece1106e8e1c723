/** For each heap the files that make it the heap of a library, a kernel or a language, where its config asks for them. */
import { z } from "zod";
import { defineOutput } from "../output.js";
import { emitGlue } from "./emit.js";

export const glueOutput = defineOutput({
  name: "glue",
  when: "always",
  options: z.strictObject({}),
  scope: "heap",
  files: ({ plan, provenance, glue }) => emitGlue(glue, plan, provenance),
});
