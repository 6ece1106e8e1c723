/** The policies whose blocks have no header, as the config file says them. */
import { z } from "zod";
import { about, kind } from "./describe.js";
import { bumpReleases } from "../policies/bump/types.js";
import { sizeHint, sizeSchema } from "./size-schema.js";

export const bump = z.strictObject({
  kind: kind("bump", "An arena: the cheapest malloc there is, and next to no free."),
  release: about(
    z.enum(bumpReleases).optional(),
    "What gives memory back. all: only init, everything at once. lifo: the free of the block allocated last, and marks.",
  ),
});
export const bitmap = z.strictObject({
  kind: kind("bitmap", "Bits outside the blocks say what is in use: no header, first fit by address."),
  granule: about(
    sizeSchema.optional(),
    `Block sizes are multiples of it; a power of two times the alignment, which it is when left out. ${sizeHint}`,
  ),
});

export const buddy = z.strictObject({
  kind: kind("buddy", "Binary buddies: block sizes are powers of two, split and merged in logarithmic time."),
  smallest: about(
    sizeSchema.optional(),
    `The smallest block: a power of two, from the alignment up; 16 or the alignment when left out. ${sizeHint}`,
  ),
});

export const pool = z.strictObject({
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
