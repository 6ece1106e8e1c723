/** A config of several heaps: what all share, and of each what is its own. */
import { z } from "zod";
import { capabilitiesSchema, multiHeapSchema } from "../outputs/multi-heap/config.js";
import { about } from "./describe.js";
import type { ConfigSchema } from "./schema.js";

/** @param configSchema that of a config of one heap */
export function severalSchemaOf(configSchema: ConfigSchema) {
  const { $schema, target, chip, toolchain, name, heap, policy, ...others } = configSchema.shape;
  const perHeap = { policy: policy.optional(), ...others };

  const heapSchema = z.strictObject({
    name,
    heap,
    ...perHeap,
    capabilities: capabilitiesSchema,
  });

  return about(
    z.strictObject({
      $schema,
      target,
      chip,
      toolchain,
      ...perHeap,
      heaps: about(z.array(heapSchema), "The heaps. A key given in one overrides the key outside the list."),
      front: multiHeapSchema,
    }),
    "Several heaps for one microcontroller, and a multi-heap over them.",
  );
}

export type SeveralSchema = ReturnType<typeof severalSchemaOf>;

/** The config as a user writes it. */
export type SeveralInput = z.infer<SeveralSchema>;
