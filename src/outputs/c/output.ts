/** Each heap's C: two files. */
import { z } from "zod";
import { emitC } from "./emit.js";
import { defineOutput } from "../output.js";

export const cOutput = defineOutput({
  name: "c",
  when: "always",
  options: z.strictObject({}),
  scope: "heap",
  files: ({ plan, provenance }) => emitC(plan, provenance),
});
