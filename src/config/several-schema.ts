/** A config of several heaps: what all share, and of each what is its own. */
import { z } from "zod";
import { about } from "./describe.js";
import type { ConfigSchema } from "./schema.js";

const frontSchema = z.strictObject({
  name: about(z.string(), "C identifier: the prefix of its functions, and the name of its two files."),
  fallback: about(
    z.array(z.string()).optional(),
    "Names of the heaps in the order in which they are tried; that of the list when left out.",
  ),
});

/** @param configSchema that of a config of one heap */
export function severalSchemaOf(configSchema: ConfigSchema) {
  const { $schema, target, toolchain, name, heap, policy, ...others } = configSchema.shape;
  const perHeap = { policy: policy.optional(), ...others };

  const heapSchema = z.strictObject({
    name,
    heap,
    ...perHeap,
    capabilities: about(
      z.array(z.string()).optional(),
      "What the heap's memory can do, in words of your own, such as dma: each becomes a bit that requests may ask for.",
    ),
  });

  return about(
    z.strictObject({
      $schema,
      target,
      toolchain,
      ...perHeap,
      heaps: about(z.array(heapSchema), "The heaps. A key given in one wins over that beside the list."),
      front: about(
        frontSchema.optional(),
        "One malloc and one free over all: <name>_malloc_caps(size, capabilities) and <name>_free(pointer).",
      ),
    }),
    "Several heaps for one microcontroller, and a front over them.",
  );
}

export type SeveralSchema = ReturnType<typeof severalSchemaOf>;

/** The config as a user writes it. */
export type SeveralInput = z.infer<SeveralSchema>;
