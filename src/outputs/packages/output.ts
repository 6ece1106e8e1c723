/** Manifests that make the generated folder a package of a build system, where a heap's config asks for one. */
import { z } from "zod";
import { defineOutput } from "../output.js";
import { emitPackages } from "./emit.js";

export const packages = defineOutput({
  name: "packages",
  when: "asked",
  // The multi-heap's name: its C is of the package, too.
  options: z.strictObject({ front: z.string().optional() }),
  scope: "heaps",
  files: (heaps, { front }) => emitPackages(heaps, front),
});
