/** Boundary tags: how a block finds the block before it. */
import type { HeaderField } from "./field.js";
import { prevFree } from "./fields/prev-free.js";
import { prevSize } from "./fields/prev-size.js";

/** Not at all; by its size in the header; or by a footer that free blocks have, and a flag that says there is one. */
export const boundaryTags = ["none", "prevSize", "footer"] as const;
export type BoundaryTag = (typeof boundaryTags)[number];

/** What a config may ask for beside them: no header at all, and a bit a granule outside the blocks. */
export const boundaryBits = "bits";
export type BoundaryChoice = "auto" | BoundaryTag | typeof boundaryBits;

/** The tag that stands in the header of each block. */
export const tagInHeader = "prevSize" satisfies BoundaryTag;

/** The field of a header that has the tag. */
export function tagField(tag: BoundaryTag): HeaderField | undefined {
  switch (tag) {
    case "none":
      return undefined;
    case "footer":
      return prevFree;
    case "prevSize":
      return prevSize;
  }
}
