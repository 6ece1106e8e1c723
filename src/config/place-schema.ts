/** Where a heap lies, and what guards it, as the config file says it. */
import { z } from "zod";
import { interruptMask, maskNames, type MaskName } from "../machine/registry.js";
import { about, kind } from "./describe.js";

export const placementSchema = z.union([
  z.enum(["static", "linker", "runtime"]),
  z.strictObject({
    kind: kind("static", "An array in the generated C file."),
    section: about(z.string().optional(), "Linker section the array is put in."),
  }),
  z.strictObject({
    kind: kind("linker", "Between two symbols of your linker script; init checks that the heap fits."),
    start: about(z.string(), "Symbol at the first byte."),
    end: about(z.string(), "Symbol after the last byte."),
  }),
  z.strictObject({ kind: kind("runtime", "In a region passed to init.") }),
]);

/** A mask of the core's, with the priority that it may need. */
function maskSchema(name: MaskName) {
  const { description, priority } = interruptMask(name);
  if (priority === undefined) return z.strictObject({ kind: kind(name, description) });
  const { least, most } = priority;
  return z.strictObject({
    kind: kind(name, description),
    priority: about(z.number().int().min(least).max(most), priority.description),
  });
}

export const lockSchema = z.union([
  z.enum(["none", ...maskNames, "custom"]),
  z.strictObject({ kind: kind("none", "Only one context calls, or the caller holds a lock.") }),
  ...maskNames.map(maskSchema),
  z.strictObject({
    kind: kind("custom", "Your own hooks: <NAME>_LOCK() and <NAME>_UNLOCK(state)."),
    header: about(z.string().optional(), "The header that declares them; <name>_lock.h when left out."),
  }),
]);
