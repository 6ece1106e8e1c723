/** One free list as the config file says it. */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { sizeHint, sizeSchema } from "../../config/size-schema.js";
import { coalesceRules, fits, orders, splits, ties, wildernessRules } from "./types.js";

export const schema = z.strictObject({
  kind: kind("sequential-fit", "One list of free blocks, searched in order."),
  preset: about(
    z.enum(["seed"]).optional(),
    "A named set of the values below. seed: untouched space first, then slots in the order they were freed.",
  ),
  fit: about(z.enum(fits).optional(), "Which of the blocks that are large enough is taken."),
  ties: about(
    z.enum(ties).optional(),
    "Of equally good blocks: the first of the list, or the one at the lowest or the highest address. For best and worst fit.",
  ),
  order: about(
    z.enum(orders).optional(),
    "Where in the list a freed block goes. in-place: where the free neighbour stood that it merges with.",
  ),
  split: about(
    z.enum(splits).optional(),
    "Which end of a larger block is handed out. two-ended: the high end to small requests, the low end to others. by-neighbour: the high end to requests that are not small and at least as large as the block behind.",
  ),
  smallBelow: about(
    sizeSchema.optional(),
    `Blocks of fewer bytes, header included, are small; for "split": "two-ended" (512 when left out) and "by-neighbour" (160). ${sizeHint}`,
  ),
  wilderness: about(
    z.enum(wildernessRules).optional(),
    "Whether the untouched space at the end serves first, or last; none: it is a listed free block like any other.",
  ),
  coalesce: about(z.enum(coalesceRules).optional(), "When neighbouring free blocks are merged."),
});

export type SequentialFitInput = z.infer<typeof schema>;
