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
            "Number of blocks of this size. One class may leave it out: it takes the rest of the heap.",
          ),
        }),
      )
      .min(1)
      .max(16),
    "The block sizes, 1 to 16 of them.",
  ),
  fallback: about(
    z.boolean().optional(),
    "Whether a request is served from a larger class when the smallest class that fits is empty. true when left out.",
  ),
  lazy: about(
    z.boolean().optional(),
    "Whether init leaves the blocks unlinked and takes constant time; malloc then takes longer. false when left out.",
  ),
  atomic: about(
    z.boolean().optional(),
    "Lock-free, by exclusive loads and stores: tasks and interrupts may share the heap. Not on ARMv6-M. false when left out.",
  ),
});

export type PoolInput = z.infer<typeof schema>;
