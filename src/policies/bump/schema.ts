/** An arena as the config file says it. */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { bumpReleases } from "./types.js";

export const schema = z.strictObject({
  kind: kind("bump", "An arena: the cheapest malloc there is, and next to no free."),
  release: about(
    z.enum(bumpReleases).optional(),
    "What gives memory back. all: only init, everything at once. lifo: the free of the block allocated last, and marks.",
  ),
});

export type BumpInput = z.infer<typeof schema>;
