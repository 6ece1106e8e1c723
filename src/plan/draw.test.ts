import { describe, expect, test } from "vitest";
import {
  quick,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "../../emulator-tests/support/configs.js";
import { loadTarget } from "../targets/load.js";
import { drawHeader } from "../header/draw.js";
import { drawMemoryMap, explainChoices } from "./draw.js";
import { makePlan } from "../policies/make-plan.js";
import type { Plan } from "./plan.js";

function planOf(test: TestConfig): Plan {
  const config = testConfig(test);
  return makePlan(config, loadTarget(config.target));
}

const segregatedPlan = planOf({ policy: segregated(), size: 4096, fields: { tag: { bits: 8 } } });
const slotsPlan = planOf({
  policy: sequential({ order: "fifo", coalesce: "list-neighbours" }),
  size: 2048,
  links: { place: "slots", slots: 4 },
  limits: { largest: 300 },
});
const prevSizePlan = planOf({
  policy: sequential({ order: "lifo" }),
  boundaryTag: "prevSize",
  size: 1 << 20,
});

describe("the memory map", () => {
  test("of segregated fit", () => {
    expect(`\n${drawMemoryMap(segregatedPlan)}\n`).toBe(`
   0  none[2]: target of links that lead to no block: written, never read
   4  nonempty: one bit per class, set if it has a free block
   8  unused[4]: unused
  16  first[16]: first free block of each class
  48  gap
  52  blocks, one after another
4092  header of a block of size 0, never free
4096  end

block in use  | header | tag | - | payload, padding ... |
free block    | header | tag | - | next | previous | ... | footer |
              4 header bytes, then the payload at a multiple of 8; blocks of 16, 24, ... bytes
`);
  });

  test("of a side table", () => {
    expect(`\n${drawMemoryMap(slotsPlan)}\n`).toBe(`
   0  wilderness: offset of the wilderness, which extends to the end
   4  first: first slot of the list
   6  last: last slot of the list
   8  coalesce_due: 1: a free block may have no slot
  10  spare: first spare slot
  12  slots[12]: block, size in granules, next
  36  gap
  38  blocks, one after another
2046  gap
2048  end

block in use  | header | payload, padding ... |
free block    | header | ... |
              2 header bytes, then the payload at a multiple of 8; blocks of 8, 16, ... bytes
`);
  });

  test("tells the header after the last block", () => {
    expect(drawMemoryMap(prevSizePlan)).toContain("1048568  header with the size of the last block");
  });
});

describe("the bit table", () => {
  test("of a header with a footer", () => {
    expect(`\n${drawHeader(segregatedPlan.header)}\n`).toBe(`
header, 16 bits at byte 0 of the block:
  11..3  size      block size in granules, header included
  1      prevFree  1: the left neighbour is free, its footer is valid
  0      used      1: the block is in use
tag, 8 bits at byte 2 of the block:
  7..0   tag       the caller's value (blocks in use)
next, previous, 16 bits: offset of a free block's payload in bytes, 0: none
footer, 16 bits, at the end of a free block: its size as in the header
`);
  });

  test("of a side table and of 4-byte links", () => {
    expect(drawHeader(slotsPlan.header).split("\n").at(-1)).toBe(
      "slot: block (offset of its payload in bytes), granules (its size), next (slot number, 0: none)",
    );
    expect(drawHeader(prevSizePlan.header)).toContain("left neighbour's size in granules, 0: none");
    expect(drawHeader(planOf({ policy: sequential(), links: { width: 32 } }).header)).toContain(
      "next, 32 bits: offset of a free block's payload in bytes, 0: none",
    );
  });
});

describe("what the choices cost", () => {
  const costs = (plan: Plan) => explainChoices(plan).map(({ choice, costs: cost }) => `${choice}: ${cost}`);

  test("in segregated fit", () => {
    expect(costs(segregatedPlan)).toEqual([
      "alignment 8: block sizes are multiples of 8; stride in bytes by request: 1→16 12→16 24→32 64→72 100→104",
      "header 4 B: in each block; boundary tag: footer",
      "minimum block 16 B: a free block holds 4 bytes of header, 4 of links and 2 of footer, rounded up",
      "control data 48 B: once; 4040 of 4096 bytes remain for blocks",
      "largest request 4036 B: larger ones return NULL",
      "16 size classes: 32 B of list heads and 4 B of bitmap; a block is at most 1/2 larger than its class's smallest size",
      "probe on: one more comparison, less memory: the request's own class is tried before larger ones",
      "fields tag: within the 4 header bytes",
    ]);
  });

  test("of freed blocks that are kept", () => {
    const plan = planOf({
      policy: segregated({ coalesce: "deferred", ...quick(64, 6) }),
      api: { check: true },
    });
    expect(costs(plan).slice(-2)).toEqual([
      "quick lists up to 72 B: 18 B of list heads; a request that would fail first flushes up to 6 blocks from the quick lists",
      "coalesce deferred: free does not coalesce; a request that fails coalesces the whole heap and is tried again",
    ]);
    expect(drawMemoryMap(plan)).toContain("in quick list | header | next | ... |");
    expect(drawHeader(plan.header)).toContain("1      quick     1: the block is in a quick list");
  });

  test("in sequential fit", () => {
    expect(costs(slotsPlan).slice(5)).toEqual([
      "fit first: malloc searches the list until a block fits",
      "order fifo: free inserts the block in one step",
      "coalesce list-neighbours: only adjacent blocks that follow each other in the list are coalesced: memory fragments",
    ]);
  });

  test("a smallest request that decides the minimum block is named", () => {
    const plan = planOf({ policy: sequential(), limits: { smallest: 40 } });
    expect(costs(plan)).toContain("minimum block 48 B: the smallest request and its header, rounded up");
  });

  test("every rule of every policy has a line", () => {
    const policies = [
      ...(["immediate", "deferred", "never"] as const).map((coalesce) => sequential({ coalesce })),
      sequential({ fit: "worst", order: "lifo" }),
      segregated({ probe: false }),
    ];
    const all = policies.flatMap((policy) => costs(planOf({ policy })));
    expect(all).toContain("coalesce immediate: neighbours are found by walking the list");
    expect(all).toContain("coalesce immediate: neighbours are found in constant time");
    expect(all.find((line) => line.startsWith("coalesce deferred"))).toContain("coalesces the whole heap");
    expect(all).toContain("fit worst: malloc searches the whole list");
    expect(all).toContain(
      "probe off: a block of the request's own class is used only if every block there fits",
    );
  });
});
