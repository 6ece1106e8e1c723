/** An arena: blocks are cut from the end of the room, and freed all at once or in reverse order. */
import { definePolicy } from "../policy.js";
import { choices, headerlessBlocks } from "./blocks.js";
import { roomAndBlocks } from "./decode.js";
import { inspect } from "./inspect.js";
import { layout } from "./layout.js";
import { headerNeeds, planPart, refusedFunctions } from "./plan.js";
import { BumpReference } from "./reference.js";
import { resolve } from "./resolve.js";
import { schema, type BumpInput } from "./schema.js";
import { starters } from "./starters.js";
import { fragmentation } from "./fragmentation.js";
import type { BumpConfig, BumpNumbers } from "./types.js";
import { source } from "./source.js";
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
    source,
    view,
    headerlessBlocks,
    choices,
    layout,
    read: (plan, heap) => ({
      blocks: roomAndBlocks(layout(plan), heap),
      end: plan.endOfBlocks,
      freeList: [],
    }),
    inspect: (plan, heap) => inspect(layout(plan), heap),
    fragmentation,
    wordLimits: () => [],
    loopLimits: ({ endOfBlocks, firstBlock, minimumBlockBytes, header }) => {
      const space = endOfBlocks - firstBlock;
      const block = Math.floor(space / minimumBlockBytes) + 1;
      return {
        malloc: {},
        free: {},
        realloc: { piece: Math.ceil(space / header.links.bytes) },
        introspection: { stats: { block }, check: { block } },
      };
    },
    reference: (plan) => new BumpReference(plan),
  },
});
