/**
 * What builds all heaps of a config together: manifests that make the generated folder a package, and the multi-heap's own
 * files for CMake and make.
 */
import { z } from "zod";
import { defineOutput } from "../output.js";
import { emitPackages } from "./emit.js";
import { frontBuilds } from "./front-builds.js";

export const packages = defineOutput({
  name: "packages",
  when: "asked",
  // The multi-heap's name: its C is of the package, too.
  options: z.strictObject({ front: z.string().optional() }),
  scope: "heaps",
  files: (heaps, { front }) => [
    ...emitPackages(heaps, front),
    ...(front === undefined ? [] : frontBuilds(heaps, front)),
  ],
});
