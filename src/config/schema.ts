/** The config file as written: shapes, words and defaults. What the values mean together is `resolve.ts`'s. */
import { z } from "zod";

export const policyNames = ["sequential-fit", "segregated-fit", "buddy", "pool", "bump", "bitmap"] as const;
export const fits = ["first", "next", "best", "worst"] as const;
export const orders = ["address", "lifo", "fifo"] as const;
export const wildernessRules = ["first", "last"] as const;
export const coalesceRules = ["immediate", "deferred", "list-neighbours", "never"] as const;
export const boundaryTags = ["auto", "none", "prevSize", "footer"] as const;
export const optimizations = ["-Os", "-O2", "-O3"] as const;
export const workloadNames = [
  "uniform",
  "bimodal",
  "power-law",
  "lifo",
  "fifo",
  "holes",
  "exhaustion",
] as const;
export const apiNames = [
  "calloc",
  "realloc",
  "alignedAlloc",
  "usableSize",
  "walk",
  "check",
  "stats",
] as const;

/** A number of bytes: `4096`, `"4096"`, `"4KiB"`, `"1MiB"`, `"512B"`. */
export const sizeSchema = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+\s*(B|KiB|MiB)?$/)])
  .meta({ description: 'Bytes, as a number or as text with a unit: 4096, "4KiB", "1MiB".' });

const bitsSchema = z.number().int().min(1).max(32);
const pinned = z.strictObject({ bits: bitsSchema.optional() });

/** The header palette. `true` asks for a field at its computed width. */
const fieldsSchema = z.strictObject({
  size: z
    .strictObject({ bits: bitsSchema.optional(), unit: z.enum(["auto", "granules", "bytes"]).optional() })
    .optional(),
  free: z.literal(true).optional(),
  prevFree: z.literal(true).optional(),
  prevSize: pinned.optional(),
  requested: z.union([z.literal(true), pinned]).optional(),
  magic: z
    .strictObject({
      bits: bitsSchema.optional(),
      value: z.number().int().nonnegative().max(0xffffffff).optional(),
    })
    .optional(),
  checksum: z.union([z.literal(true), pinned]).optional(),
  tag: z.union([z.literal(true), pinned]).optional(),
  padding: z.strictObject({ bits: bitsSchema }).optional(),
});

const headerSchema = z.strictObject({
  boundaryTag: z.enum(boundaryTags).optional(),
  links: z
    .strictObject({
      place: z.enum(["intrusive", "slots"]).optional(),
      width: z.union([z.literal("auto"), z.literal(16), z.literal(32)]).optional(),
      form: z.enum(["auto", "single", "double"]).optional(),
      slots: z.number().int().min(1).max(65535).optional(),
    })
    .optional(),
  fields: fieldsSchema.optional(),
});

const sequentialFit = z.strictObject({
  kind: z.literal("sequential-fit"),
  preset: z.enum(["seed"]).optional(),
  fit: z.enum(fits).optional(),
  order: z.enum(orders).optional(),
  wilderness: z.enum(wildernessRules).optional(),
  coalesce: z.enum(coalesceRules).optional(),
});
const segregatedFit = z.strictObject({
  kind: z.literal("segregated-fit"),
  preset: z.enum(["tlsf", "half-fit"]).optional(),
  exactBelow: sizeSchema.optional(),
  subdivisions: z
    .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16), z.literal(32)])
    .optional(),
  probe: z.boolean().optional(),
});
const laterPolicy = <K extends string>(kind: K) => z.looseObject({ kind: z.literal(kind) });

const cycleLimits = z.strictObject({
  worst: z.number().nonnegative().optional(),
  mean: z.number().nonnegative().optional(),
  bound: z.number().nonnegative().optional(),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string(),
  target: z.string().optional(),
  heap: z.strictObject({
    size: sizeSchema,
    alignment: z.number().int().optional(),
    placement: z
      .union([
        z.enum(["static", "linker", "runtime"]),
        z.strictObject({ kind: z.literal("static"), section: z.string().optional() }),
        z.strictObject({ kind: z.literal("linker"), start: z.string(), end: z.string() }),
        z.strictObject({ kind: z.literal("runtime") }),
      ])
      .optional(),
  }),
  policy: z.discriminatedUnion("kind", [
    sequentialFit,
    segregatedFit,
    laterPolicy("buddy"),
    laterPolicy("pool"),
    laterPolicy("bump"),
    laterPolicy("bitmap"),
  ]),
  header: z.union([z.literal("auto"), headerSchema]).optional(),
  limits: z.strictObject({ largest: sizeSchema.optional(), smallest: sizeSchema.optional() }).optional(),
  api: z
    .strictObject({
      zeroSize: z.enum(["null", "unique"]).optional(),
      ...(Object.fromEntries(apiNames.map((name) => [name, z.boolean().optional()])) as Record<
        (typeof apiNames)[number],
        z.ZodOptional<z.ZodBoolean>
      >),
    })
    .optional(),
  hardening: z.enum(["none", "basic", "full"]).optional(),
  lock: z.enum(["none", "primask", "basepri", "custom"]).optional(),
  toolchain: z
    .strictObject({ compiler: z.string().optional(), optimize: z.enum(optimizations).optional() })
    .optional(),
  verify: z
    .strictObject({
      seed: z.number().int().nonnegative().max(0xffffffff).optional(),
      operations: z.number().int().min(1).max(10_000_000).optional(),
      workloads: z.array(z.enum(workloadNames)).optional(),
      traces: z.array(z.string()).optional(),
    })
    .optional(),
  budgets: z
    .strictObject({
      cycles: z.strictObject({ malloc: cycleLimits.optional(), free: cycleLimits.optional() }).optional(),
      flash: sizeSchema.optional(),
      ram: sizeSchema.optional(),
      stack: sizeSchema.optional(),
    })
    .optional(),
});

/** The config as a user writes it. */
export type ConfigInput = z.infer<typeof configSchema>;
