/** Pools as the config file says them. */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { sizeHint, sizeSchema } from "../../config/size-schema.js";

export const schema = z.strictObject({
  kind: kind("pool", "Blocks of one or a few fixed sizes, in constant time."),
  classes: about(
    z
      .array(
        z.strictObject({
          size: about(sizeSchema, `Bytes of a block, rounded up to the alignment. ${sizeHint}`),
          count: about(
            z.number().int().min(1).max(1048576).optional(),
            "Blocks of this size. One class may leave it out: it gets what the others leave.",
          ),
        }),
      )
      .min(1)
      .max(16),
    "The sizes of blocks: 1 to 16 of them.",
  ),
  fallback: about(
    z.boolean().optional(),
    "Whether larger classes serve a request that the smallest one that fits has no block for. true when left out.",
  ),
  lazy: about(
    z.boolean().optional(),
    "Whether init leaves the blocks untouched, in constant time; malloc then takes longer. false when left out.",
  ),
  atomic: about(
    z.boolean().optional(),
    "Lock-free, by exclusive loads and stores: tasks and interrupts may share the heap. Not on ARMv6-M. false when left out.",
  ),
});

export type PoolInput = z.infer<typeof schema>;
