/** For each heap a module of TypeScript with which host tools read its memory. */
import { z } from "zod";
import { defineOutput } from "../output.js";

export const layoutModule = defineOutput({
  name: "layout-module",
  when: "always",
  options: z.strictObject({}),
  scope: "heap",
  files: async ({ plan, provenance }) => {
    // What writes TypeScript takes as long to load as all the rest.
    const { emitLayout } = await import("./emit.js");
    return [emitLayout(plan, provenance)];
  },
});
