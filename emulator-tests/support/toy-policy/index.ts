/**
 * The least policy with everything a policy can have, for tests: equal blocks, and a byte for each that says whether it
 * is in use. It is nowhere listed: tests put it into the list of policies that they hand in.
 */
import { z } from "zod";
import { piece } from "../../../src/csource/piece.js";
import { about, kind } from "../../../src/config/describe.js";
import { lockSection } from "../../../src/csource/shared-pieces.js";
import { totalsOf } from "../../../src/inspect/totals.js";
import type { PolicyRules } from "../../../src/plan/policy-rules.js";
import { refuseHeader } from "../../../src/policies/refuse-header.js";
import { definePolicy } from "../../../src/policies/policy.js";
import { apiNames } from "../../../src/config/vocabulary.js";
import { blocks } from "./decode.js";
import { layout } from "./layout.js";
import { planPart, type ToyConfig, type ToyNumbers, type ToyPlan } from "./plan.js";
import { ToyReference } from "./reference.js";

const schema = z.strictObject({
  kind: kind("toy", "Equal blocks, found one by one."),
  blocks: about(z.number().int().min(1).max(64).optional(), "How many there are; 8 when left out."),
});

const rules: PolicyRules<ToyPlan> = {
  source: (plan) => ({
    folder: `${import.meta.dirname}/templates`,
    types: [],
    sections: [
      { title: "Blocks", pieces: [piece("toy/take", "take"), piece("toy/give-back", "give_back")] },
      lockSection(plan),
    ],
    empty: "toy/init",
    api: {
      ...{ malloc: "toy/malloc", free: "toy/free" },
      // The toy has none of these: a config that asks for them is refused.
      ...{
        realloc: "",
        alignedAlloc: "",
        usableSize: "",
        walk: "",
        check: "",
        stats: "",
        largestRequest: "",
      },
    },
  }),
  constants: ({ firstBlock, minimumBlockBytes, policy }) =>
    Object.entries({ FIRST_BLOCK: firstBlock, BLOCK_BYTES: minimumBlockBytes, BLOCKS: policy.blocks }).map(
      ([name, value]) => ({ name, value: `${value}U`, comment: "" }),
    ),
  fragmentation: ({ minimumBlockBytes, policy }) => ({
    kind: "slots",
    classes: [{ blockBytes: minimumBlockBytes, count: policy.blocks }],
  }),
  asserts: ({ name }) => [
    {
      condition: `(FIRST_BLOCK + (BLOCKS * BLOCK_BYTES)) <= ${name.toUpperCase()}_SIZE_BYTES`,
      sentence: "the last block ends behind the heap",
    },
  ],
  view: () => ({
    ...{ summary: "toy, equal blocks", mallocBound: "O(n blocks)", freeBound: "O(1)" },
    ...{ hasWilderness: false, usesBool: false, mergesAtFree: false },
  }),
  headerlessBlocks: {
    draw: () => ["block         | payload, padding ... |"],
    declare: (_plan, { name }) => (name === "used" ? "uint8_t used[BLOCKS]" : undefined),
    decoder: { module: "../emulator-tests/support/toy-policy/decode", roots: ["blocks"] },
  },
  choices: ({ policy }) => [{ choice: `${policy.blocks} blocks`, costs: "a byte each" }],
  loopLimits: ({ policy }) => ({ malloc: { block: policy.blocks }, free: {} }),
  wordLimits: () => [],
  layout,
  read: (plan, heap) => ({ blocks: blocks(layout(plan), heap), end: plan.endOfBlocks, freeList: [] }),
  inspect: (plan, heap) => {
    const found = [...blocks(layout(plan), heap)];
    return {
      ...{ controlBytes: plan.firstBlock, heapBytes: plan.heapBytes, blocks: found },
      ...{ lost: [], untouched: [], lists: [], ...totalsOf(found, [], []) },
      damage: found.flatMap(({ offset }, index) => {
        const at = layout(plan).control.used.offset + index;
        const flag = heap.getUint8(at);
        const what = `flag of the block at ${offset}`;
        return flag < 2
          ? []
          : [{ kind: "control" as const, offset: at, what, found: String(flag), expected: "0 or 1" }];
      }),
    };
  },
  reference: (plan) => new ToyReference(plan),
};

export const toy = definePolicy<z.infer<typeof schema>, ToyConfig, ToyNumbers>({
  name: "toy",
  schema,
  starters: [{ name: "toy", hint: "for tests", text: '  "policy": { "kind": "toy" },' }],
  resolve: ({ kind: name, blocks: count = 8 }) => ({ kind: name, blocks: count }),
  headerNeeds: (_policy, header, alignment) => {
    const refusals = refuseHeader(header, false);
    return refusals.length > 0 ? refusals : { headerless: true, granuleBytes: alignment, linkBefore: false };
  },
  refusedFunctions: () => Object.fromEntries(apiNames.map((name) => [name, "a toy has malloc and free"])),
  plan: planPart,
  rules,
});
