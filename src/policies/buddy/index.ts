/** Binary buddies: blocks of a power of two, a list and a bit for each, and a byte a smallest block for what stands there. */
import type { BuddyConfig } from "../../config/config.js";
import type { Policy } from "../policy.js";
import { buddyOf, layout, ownBlocks } from "./blocks.js";
import { headerNeeds, planPart } from "./plan.js";
import { BuddyReference } from "./reference.js";
import { asserts, constants, view } from "./view.js";

export const buddy: Policy<BuddyConfig> = {
  headerNeeds,
  plan: planPart,
  constants,
  asserts,
  view,
  ownBlocks,
  layout,
  wordLimits: (plan) => {
    const { orders } = buddyOf(plan);
    return plan.control.flatMap(({ name, offset, bytes }) =>
      name === "filled" ? [{ offset, bytes, most: 2 ** orders - 1 }] : [],
    );
  },
  loopLimits: (plan) => {
    const halvings = buddyOf(plan).orders - 1;
    const { granules, orders } = buddyOf(plan);
    return {
      malloc: { halving: halvings },
      free: { merger: halvings },
      looks: {
        stats: { block: granules },
        // Over the blocks, over the lists and one further link.
        check: { block: 2 * granules + 1, list: orders },
      },
    };
  },
  reference: (plan) => new BuddyReference(plan),
};
