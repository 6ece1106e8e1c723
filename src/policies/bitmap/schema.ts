/** Bitmapped fit as the config file says it. */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { sizeHint, sizeSchema } from "../../config/size-schema.js";

export const schema = z.strictObject({
  kind: kind(
    "bitmap",
    "Headerless blocks, with bits in the control data that mark what is in use; first fit by address.",
  ),
  granule: about(
    sizeSchema.optional(),
    `Block sizes are multiples of it: a power of two times the alignment; the alignment when left out. ${sizeHint}`,
  ),
});

export type BitmapInput = z.infer<typeof schema>;
