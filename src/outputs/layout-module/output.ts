/** For each heap a module of TypeScript with which host tools read its memory. */
import { z } from "zod";
import { defineOutput } from "../output.js";
import { decoderFiles, emitLayout } from "./emit.js";
import { readDecoder } from "./read-decoder.js";

export const layoutModule = defineOutput({
  name: "layout-module",
  when: "always",
  options: z.strictObject({}),
  scope: "heap",
  files: async ({ plan, provenance }) => [
    emitLayout(plan, provenance, await readDecoder(decoderFiles(plan))),
  ],
});
