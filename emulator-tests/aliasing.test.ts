/**
 * Blocks are where payloads were. The types through which the C accesses them may alias those of all payloads, so that no
 * compiler that inlines one into the other exchanges their accesses.
 */
import { describe, expect, test } from "vitest";
import { missedWrites, probeCount } from "./support/alias-probes.js";
import { blockTypes } from "./support/block-types.js";
import { drawnHeap, drawnPolicies, portableHeap, type DrawnHeap } from "./support/drawn-heaps.js";
import { chooseSample } from "./support/sample.js";

const indexes = [...drawnPolicies.keys()];

/** As many heaps of each policy. */
const sampleOf = (count: number): readonly number[] =>
  [...new Set(drawnPolicies)].flatMap((policy) =>
    chooseSample(
      indexes.filter((index) => drawnPolicies[index] === policy),
      count,
      `aliasing, ${policy}`,
    ),
  );

const sourceOf = ({ name, files }: DrawnHeap): string =>
  files.find((each) => each.name === `${name}.c`)?.text ?? "";

/** The C as it would be without the attribute. */
const withoutAttribute = (heap: DrawnHeap): DrawnHeap => ({
  ...heap,
  files: heap.files.map(({ name, text }) => ({ name, text: text.replace("__attribute__((may_alias))", "") })),
});

test.each(sampleOf(8))("each type by which the C of drawn config %i accesses blocks may alias", (index) => {
  const types = blockTypes(sourceOf(drawnHeap(index)));
  expect(types.filter(({ mayAlias }) => !mayAlias)).toEqual([]);
});

test("the types are found: casts of addresses, and members that the C has pointers to", () => {
  const text = `
typedef uint16_t link_t;
typedef struct MAY_ALIAS { link_t next; uint8_t unused[2U]; } links_t;
typedef uint32_t MAY_ALIAS word_t;
typedef struct { uint32_t count; } census_t;
static void walk(void *at, const census_t *census) {
    const link_t *link = &((links_t *)at)->next; /* (header_t *)at */
    *(volatile word_t *)at = *link * (uint32_t)2U;
    *(uint16_t *)(void *)at = 0U;
}`;
  expect(blockTypes(text)).toEqual([
    { name: "links_t", mayAlias: true, places: ["->next", "->unused[0]"] },
    { name: "word_t", mayAlias: true, places: [""] },
    { name: "uint16_t", mayAlias: false, places: [""] },
    { name: "link_t", mayAlias: false, places: [""] },
  ]);
});

const portable = sampleOf(2).flatMap((index) => portableHeap(index) ?? []);

describe.each(["gcc", "clang"] as const)("%s", (command) => {
  test.each(portable)("lets blocks of $title be where payloads are", async (heap) => {
    expect(await missedWrites(heap, command, "-O3")).toEqual([]);
  });

  test("does not where the attribute is left out", async () => {
    const heap = portable.find((each) => /\bheader_t\b/.test(sourceOf(each)));
    if (heap === undefined) throw new Error("no heap of the sample has headers");
    const missed = await missedWrites(withoutAttribute(heap), command, "-O2");
    expect(missed.filter((line) => / (?:payload|block) first$/.test(line)).length).toBeGreaterThan(
      probeCount(sourceOf(heap)) / 2,
    );
  });
});
