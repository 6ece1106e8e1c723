/** An arena as the config file says it. */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { bumpReleases } from "./types.js";

export const schema = z.strictObject({
  kind: kind("bump", "An arena: the fewest cycles in malloc, and almost none in free."),
  release: about(
    z.enum(bumpReleases).optional(),
    "What frees memory. all: only init, everything at once. lifo: also free of the most recently allocated block, and marks.",
  ),
});

export type BumpInput = z.infer<typeof schema>;
