/** An arena: blocks are cut from the end of what is left, and given back all at once or in reverse order. */
import { inspectBump } from "../../inspect/inspect-bump.js";
import { definePolicy } from "../policy.js";
import { choices, layout, ownBlocks } from "./blocks.js";
import { headerNeeds, planPart, refusedFunctions } from "./plan.js";
import { BumpReference } from "./reference.js";
import { resolve } from "./resolve.js";
import { schema, type BumpInput } from "./schema.js";
import { starters } from "./starters.js";
import type { BumpConfig, BumpNumbers } from "./types.js";
import { asserts, constants, view } from "./view.js";

export const bump = definePolicy<BumpInput, BumpConfig, BumpNumbers>({
  name: "bump",
  schema,
  starters,
  resolve,
  headerNeeds,
  refusedFunctions,
  plan: planPart,
  rules: {
    constants,
    asserts,
    view,
    ownBlocks,
    choices,
    layout,
    inspect: (plan, heap) => inspectBump(layout(plan), heap),
    wordLimits: () => [],
    loopLimits: ({ endOfBlocks, firstBlock, minimumBlockBytes, header }) => {
      const space = endOfBlocks - firstBlock;
      const block = Math.floor(space / minimumBlockBytes) + 1;
      return {
        malloc: {},
        free: {},
        realloc: { piece: Math.ceil(space / header.links.bytes) },
        looks: { stats: { block }, check: { block } },
      };
    },
    reference: (plan) => new BumpReference(plan),
  },
});
