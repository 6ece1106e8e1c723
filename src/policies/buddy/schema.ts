/** Binary buddies as the config file says them. */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { sizeHint, sizeSchema } from "../../config/size-schema.js";

export const schema = z.strictObject({
  kind: kind(
    "buddy",
    "Binary buddies: block sizes are powers of two, split and coalesced in logarithmic time.",
  ),
  smallest: about(
    sizeSchema.optional(),
    `The smallest block: a power of two, at least the alignment; 16 or the alignment when left out. ${sizeHint}`,
  ),
});

export type BuddyInput = z.infer<typeof schema>;
