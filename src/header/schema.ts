/** The `header` of a config as it is written. */
import { z } from "zod";
import { about } from "../config/describe.js";
import { boundaryBits, boundaryTags } from "./boundary-tag.js";
import type { Palette } from "./palette.js";

const linksSchema = z.strictObject({
  place: about(
    z.enum(["intrusive", "slots"]).optional(),
    "Where a free block's links are kept: in the block itself (intrusive), or in a side table of slots.",
  ),
  width: about(
    z.union([z.literal("auto"), z.literal(16), z.literal(32)]).optional(),
    "Bits of a link: 16 for granule numbers where the heap allows, 32 for byte offsets.",
  ),
  form: about(z.enum(["auto", "single", "double"]).optional(), "Singly or doubly linked."),
  slots: about(
    z.number().int().min(1).max(65535).optional(),
    'Slots of the side table; for "place": "slots" only. One for each 256 bytes of heap when left out.',
  ),
});

export type LinksInput = z.infer<typeof linksSchema>;

/** The fields of a palette that a config may ask for, by their keys. */
const fieldsSchema = ({ fields }: Palette) =>
  z.strictObject(
    Object.fromEntries(
      fields.flatMap(({ config }) => (config === undefined ? [] : [[config.key, config.schema] as const])),
    ),
  );

/** The schema of `header`, for what a palette has. */
export const headerSchema = (palette: Palette) =>
  z.union([
    z.literal("auto"),
    z.strictObject({
      boundaryTag: about(
        z.enum(["auto", ...boundaryTags, boundaryBits]).optional(),
        "How a block finds its left neighbour: by its size in the header, by a footer in free blocks, or not at all. bits: blocks have no header, and a bit for each granule, kept outside the blocks, says where blocks in use begin and end; for size classes only.",
      ),
      links: about(linksSchema.optional(), "Links of the free lists."),
      fields: about(
        fieldsSchema(palette).optional(),
        "Header fields in addition to those the policy needs, and fixed widths.",
      ),
    }),
  ]);

export type HeaderInput = z.infer<ReturnType<typeof headerSchema>>;
