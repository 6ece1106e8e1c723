/** Size classes as the config file says them. */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { sizeHint, sizeSchema } from "../../config/size-schema.js";
import { classSpacings, segregatedLinks, segregatedPresets, segregatedSplits } from "./types.js";

export const schema = z.strictObject({
  kind: kind("segregated-fit", "Size classes with a bitmap index, in constant time."),
  preset: about(
    z.enum(segregatedPresets).optional(),
    "A named set of the values below, and of header.boundaryTag. default: what is taken when left out, and boundary bits in heaps above 64 KiB; fast: the fewest cycles of the worst call, 1 subdivision, and links that are addresses where the config allows them; frugal: the least memory, boundary bits; tlsf: 32 subdivisions, no probe; half-fit: 1 subdivision, no probe.",
  ),
  subdivisions: about(
    z
      .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16), z.literal(32)])
      .optional(),
    "Size classes per doubling of the block size; 2 when left out.",
  ),
  spacing: about(
    z.enum(classSpacings).optional(),
    "Where the second of two classes per doubling begins: at 1.5 times the first (linear, the default), or at 1.41 times it (geometric), which takes fewer cycles. geometric needs a probe, a core that multiplies, and at most 65,536 granules.",
  ),
  probe: about(
    z.boolean().optional(),
    "Look at the first block of the request's own class before taking a block from a class whose blocks all fit.",
  ),
  split: about(
    z.enum(segregatedSplits).optional(),
    "Which end of a larger block is allocated. two-ended (the default): the high end for small requests, the low end for others. by-neighbour: the high end for requests at least as large as the right neighbour.",
  ),
  smallBelow: about(
    sizeSchema.optional(),
    `Blocks of fewer bytes, header included, are small; for "split": "two-ended" only. 512 when left out. ${sizeHint}`,
  ),
  links: about(
    z.enum(segregatedLinks).optional(),
    "What a link of a free list is. offset (the default): a place in the heap, 2 bytes in small heaps. address: 4 bytes, fewer cycles, and blocks of 16 bytes at least; for an alignment of 8 or more, and one word of size classes.",
  ),
  coalesce: about(
    z.enum(["immediate", "deferred"]).optional(),
    "When adjacent free blocks are coalesced: when a block is freed (immediate, the default), or when a request fails (deferred). deferred takes fewer cycles in free, and many in a malloc that coalesces the whole heap.",
  ),
  quickLists: about(
    z
      .strictObject({
        upTo: about(
          sizeSchema.optional(),
          `The largest request served from a quick list, 1 byte to 1 KiB; 128 when left out. ${sizeHint}`,
        ),
        most: about(
          z.number().int().min(1).max(65535).optional(),
          "Most blocks in all quick lists together: a block freed beyond that is coalesced. Bounds the malloc that flushes them; 32 when left out.",
        ),
      })
      .optional(),
    "Keep freed small blocks uncoalesced, in one list per size, for the next request of that size: both calls then take a fraction of the time. The lists are flushed when a request fails.",
  ),
});

export type SegregatedFitInput = z.infer<typeof schema>;
