/** An arena: blocks are cut from the end of what is left, and given back all at once or in reverse order. */
import type { BumpConfig } from "../../config/config.js";
import type { Policy } from "../policy.js";
import { layout, ownBlocks } from "./blocks.js";
import { headerNeeds, planPart } from "./plan.js";
import { BumpReference } from "./reference.js";
import { asserts, constants, view } from "./view.js";

export const bump: Policy<BumpConfig> = {
  headerNeeds,
  plan: planPart,
  constants,
  asserts,
  view,
  ownBlocks,
  layout,
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
};
