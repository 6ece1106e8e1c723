/** `target.json` as written: each figure beside the manual and section it comes from. */
import { z } from "zod";
import { architectures, cycleRules } from "../machine/registry.js";

/** A value nobody may change without reading where it comes from. */
const cited = <Value extends z.ZodType>(value: Value) => z.strictObject({ value, source: z.string().min(1) });

/** Addresses and lengths are written in hexadecimal, as the manuals do. */
const hexadecimal = z
  .string()
  .regex(/^0x[0-9a-fA-F]{8}$/, "expected eight hexadecimal digits after 0x")
  .transform(Number);

const memory = z.strictObject({ origin: hexadecimal, length: hexadecimal });

const flashTiming = z.strictObject({
  waitStates: z.number().int().min(0).max(15),
  lineBytes: z.union([z.literal(4), z.literal(8), z.literal(16)]),
  prefetch: z.boolean(),
});

export const targetSchema = z.strictObject({
  description: z.string().min(1),
  architecture: z.enum(architectures),
  compilerFlags: z.array(z.string().startsWith("-")).min(1),
  /** Why they are not all that the core allows. */
  compilerFlagsNote: z.string().min(1).optional(),
  countLeadingZeros: cited(z.boolean()),
  /** It does unless a target says otherwise. */
  multiplies: cited(z.boolean()).optional(),
  unalignedAccess: cited(z.boolean()),
  unicornModel: cited(z.number().int().nonnegative()),
  memory: z.strictObject({ flash: memory, ram: memory, source: z.string().min(1) }),
  qemu: z.strictObject({
    machine: z.string().min(1),
    options: z.array(z.string().min(1)),
    scratch: memory,
    source: z.string().min(1),
  }),
  cycleModel: z.strictObject({
    name: z.string().min(1),
    estimate: z.boolean(),
    rules: z.enum(cycleRules),
    /** No wait states unless a target says so. */
    flash: flashTiming.default({ waitStates: 0, lineBytes: 4, prefetch: false }),
    /** The manual that the core's rules were read from. */
    source: z.string().min(1),
  }),
});

/** `target.json` as read. */
export type TargetFile = z.infer<typeof targetSchema>;
