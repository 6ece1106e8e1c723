/** Binary buddies: blocks of a power of two, a list and a bit for each, and a byte a smallest block for what stands there. */
import { definePolicy } from "../policy.js";
import { choices, headerlessBlocks } from "./blocks.js";
import { blocks, freeBlocks } from "./decode.js";
import { hardening } from "./hardening.js";
import { inspect } from "./inspect.js";
import { unfinished } from "./unfinished.js";
import { layout } from "./layout.js";
import { headerNeeds, planPart } from "./plan.js";
import { BuddyReference } from "./reference.js";
import { resolve } from "./resolve.js";
import { schema, type BuddyInput } from "./schema.js";
import { starters } from "./starters.js";
import { variants } from "./variants.js";
import { fragmentation } from "./fragmentation.js";
import type { BuddyConfig, BuddyNumbers } from "./types.js";
import { source } from "./source.js";
import { asserts, constants, view } from "./view.js";

export const buddy = definePolicy<BuddyInput, BuddyConfig, BuddyNumbers>({
  name: "buddy",
  schema,
  isBlockAligned: true,
  starters,
  variants,
  resolve,
  headerNeeds,
  hardening,
  plan: planPart,
  rules: {
    constants,
    asserts,
    source,
    view,
    headerlessBlocks,
    choices,
    layout,
    read: (plan, heap) => ({
      blocks: blocks(layout(plan), heap),
      end: plan.endOfBlocks,
      freeList: freeBlocks(layout(plan), heap),
    }),
    inspect: (plan, heap) => inspect(layout(plan), heap),
    unfinished: (plan, _heap, inspection) => unfinished(layout(plan), inspection),
    fragmentation,
    wordLimits: (plan) => {
      const { orders } = plan.policy;
      return plan.control.flatMap(({ name, offset, bytes }) =>
        name === "nonempty" ? [{ offset, bytes, most: 2 ** orders - 1 }] : [],
      );
    },
    loopLimits: (plan) => {
      const halvings = plan.policy.orders - 1;
      const { granules, orders } = plan.policy;
      return {
        // A hardened heap looks at the lists that halves go to first.
        malloc: { halving: (plan.hardening === undefined ? 1 : 2) * halvings },
        free: { merger: halvings },
        introspection: {
          stats: { block: granules },
          // Over the blocks, over the lists and one further link.
          check: { block: 2 * granules + 1, list: orders },
        },
      };
    },
    reference: (plan) => new BuddyReference(plan),
  },
});
