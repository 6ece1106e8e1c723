/** One free list as the config file says it. */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { sizeHint, sizeSchema } from "../../config/size-schema.js";
import { coalesceRules, fits, orders, splits, ties, wildernessRules } from "./types.js";

export const schema = z.strictObject({
  kind: kind("sequential-fit", "One list of free blocks, searched in order."),
  preset: about(
    z.enum(["seed"]).optional(),
    "A named set of the values below. seed: wilderness first, then slots in the order they were freed.",
  ),
  fit: about(z.enum(fits).optional(), "Which of the blocks that are large enough is allocated."),
  ties: about(
    z.enum(ties).optional(),
    "Which of equally good blocks is allocated: the first in the list, or the one at the lowest or highest address. For best and worst fit.",
  ),
  order: about(
    z.enum(orders).optional(),
    "Where in the list a freed block is inserted. in-place: at the position of the free neighbour that it coalesces with.",
  ),
  split: about(
    z.enum(splits).optional(),
    "Which end of a larger block is allocated. two-ended: the high end for small requests, the low end for others. by-neighbour: the high end for requests that are not small and at least as large as the right neighbour.",
  ),
  smallBelow: about(
    sizeSchema.optional(),
    `Blocks of fewer bytes, header included, are small; for "split": "two-ended" (512 when left out) and "by-neighbour" (160). ${sizeHint}`,
  ),
  wilderness: about(
    z.enum(wildernessRules).optional(),
    "Whether the wilderness at the end of the heap is used first or last. none: that space is a listed free block like any other.",
  ),
  coalesce: about(z.enum(coalesceRules).optional(), "When adjacent free blocks are coalesced."),
});

export type SequentialFitInput = z.infer<typeof schema>;
