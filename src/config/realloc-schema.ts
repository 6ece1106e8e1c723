/** How the key `api.realloc` is written. */
import { z } from "zod";
import { about } from "./describe.js";

/** @return the schema of a choice between false, true, and what is asked beyond */
export const reallocSchema = z.union([
  z.boolean(),
  z.strictObject({
    keepAlignment: about(
      z.number().int().optional(),
      "The largest alignment, in bytes, that realloc keeps when it moves a block: the new address is a multiple of what the old one was, up to this power of two. Needs alignedAlloc.",
    ),
    copyUnlocked: about(
      z.boolean().optional(),
      "Whether realloc never copies with the lock held: it then moves no block into the free space before it, only to another place. For a heap with a lock.",
    ),
  }),
]);
