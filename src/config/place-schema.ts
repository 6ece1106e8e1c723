/** Where a heap lies, and what guards it, as the config file says it. */
import { z } from "zod";
import { about, kind } from "./describe.js";

export const placementSchema = z.union([
  z.enum(["static", "linker", "runtime"]),
  z.strictObject({
    kind: kind("static", "An array in the generated file."),
    section: about(z.string().optional(), "Linker section the array is put in."),
  }),
  z.strictObject({
    kind: kind(
      "linker",
      "Between two symbols of your linker script; init checks that the heap has room there.",
    ),
    start: about(z.string(), "Symbol at the first byte."),
    end: about(z.string(), "Symbol after the last byte."),
  }),
  z.strictObject({ kind: kind("runtime", "In a region that init is handed.") }),
]);

const lockNames = ["none", "primask", "basepri", "custom"] as const;
export const lockSchema = z.union([
  z.enum(lockNames),
  z.strictObject({ kind: kind("none", "One context calls, or the caller holds a lock.") }),
  z.strictObject({ kind: kind("primask", "All interrupts wait that can be masked.") }),
  z.strictObject({
    kind: kind("basepri", "Interrupts of a priority and of all less urgent ones wait. Not on ARMv6-M."),
    priority: about(
      z.number().int().min(1).max(255),
      "What BASEPRI gets, as the register holds it: the priority, shifted up past the bits the chip lacks.",
    ),
  }),
  z.strictObject({
    kind: kind("custom", "Hooks of your own: <NAME>_LOCK() and <NAME>_UNLOCK(state)."),
    header: about(z.string().optional(), "The header that declares them; <name>_lock.h when left out."),
  }),
]);
