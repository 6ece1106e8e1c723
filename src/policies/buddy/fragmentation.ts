/** What buddies promise of the memory between blocks. */
import type { Halves } from "../../plan/fragmentation.js";
import type { BuddyPlan } from "./types.js";

export const fragmentation = ({ granuleBytes }: BuddyPlan): Halves => ({
  kind: "buddies",
  blockBytes: (request) =>
    granuleBytes * 2 ** Math.ceil(Math.log2(Math.max(1, Math.ceil(request / granuleBytes)))),
});
