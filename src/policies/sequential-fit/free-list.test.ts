import { expect, it } from "vitest";
import { sequential, testConfig, type TestConfig } from "../../../emulator-tests/support/configs.js";
import { BlockChain } from "../../reference/block-chain.js";
import { endOf } from "../../reference/block.js";
import { PathTrail } from "../../reference/path-trail.js";
import { loadTarget } from "../../targets/load.js";
import { makePlan } from "../make-plan.js";
import { FreeList } from "./free-list.js";
import { sequentialFit } from "./index.js";
import type { SequentialFitPlan } from "./types.js";

function planOf(config: TestConfig): SequentialFitPlan {
  const resolved = testConfig(config);
  const plan = makePlan(resolved, loadTarget(resolved.target));
  if (!sequentialFit.owns(plan)) throw new Error("the plan is another policy's");
  return plan;
}

/** Iterations by kind of a search in vain: of four listed blocks the first two touch. */
function loopsOfSearch(rover: number | undefined): readonly number[] {
  const plan = planOf({ policy: sequential({ fit: "next", coalesce: "list-neighbours" }) });
  const [trail, chain] = [new PathTrail(), new BlockChain(plan)];
  const list = new FreeList(plan, chain, trail);
  const bytes = plan.minimumBlockBytes;
  const isFree = [true, true, false, true, false, true];
  const blocks = isFree.map((free, at) => chain.append(plan.firstBlock + at * bytes, bytes, free));
  for (const block of blocks.filter(({ free }) => free)) list.append(block, list.blocks.length);
  list.rover = rover === undefined ? undefined : list.at(rover);
  trail.begin(1);
  expect(list.find(plan.heapBytes)).toBe(-1);
  return trail.path().loops;
}

it("tells merges of a search that wrapped around from those before: the C has two loops", () => {
  const passed = 3;
  expect(loopsOfSearch(undefined)).toEqual([passed, 0, 0, 0, 1]);
  expect(loopsOfSearch(2)).toEqual([1, passed - 1, ...Array<number>(11).fill(0), 1]);
});

it("tells merges of one block with several behind it from those of several blocks: the loop goes round", () => {
  const plan = planOf({ policy: sequential({ fit: "worst", order: "lifo", coalesce: "list-neighbours" }) });
  const least = plan.minimumBlockBytes;
  /** Loops of a search in vain through six blocks that are listed in their order but for what is given. */
  const loops = (order: readonly number[]): readonly number[] => {
    const [trail, chain] = [new PathTrail(), new BlockChain(plan)];
    const list = new FreeList(plan, chain, trail);
    const blocks = order.map((_, at) => chain.append(plan.firstBlock + at * least, least, true));
    for (const at of order) list.append(blocks[at] ?? chain.inUse(-1), list.blocks.length);
    trail.begin(1);
    expect(list.find(plan.heapBytes)).toBe(-1);
    expect(list.blocks).toHaveLength(order.length - 2);
    return trail.path().loops;
  };
  expect(loops([5, 0, 1, 2, 4, 3])).not.toEqual(loops([2, 3, 0, 1, 5, 4]));
});

it("tells a better block whose address wins from one whose address does not: a compiler may ask for either first", () => {
  const plan = planOf({ policy: sequential({ fit: "best", ties: "lowest", order: "lifo" }) });
  const least = plan.minimumBlockBytes;
  /** Loops of a search through two blocks, the larger one first. */
  const loops = (isLargerLow: boolean): readonly number[] => {
    const [trail, chain] = [new PathTrail(), new BlockChain(plan)];
    const list = new FreeList(plan, chain, trail);
    const lowBytes = (isLargerLow ? 3 : 2) * least;
    const low = chain.append(plan.firstBlock, lowBytes, true);
    const high = chain.append(plan.firstBlock + lowBytes, 5 * least - lowBytes, true);
    for (const block of isLargerLow ? [low, high] : [high, low]) list.append(block, list.blocks.length);
    trail.begin(1);
    expect(list.find(least)).toBe(1);
    return trail.path().loops;
  };
  expect(loops(true)).not.toEqual(loops(false));
});

it("tells blocks too small once one was found from those before: a compiler may ask first for what is better", () => {
  const plan = planOf({ policy: sequential({ fit: "worst", ties: "lowest", order: "address" }) });
  const least = plan.minimumBlockBytes;
  /** Loops of a search through three blocks, of which one is large enough. */
  const loops = (large: number): readonly number[] => {
    const [trail, chain] = [new PathTrail(), new BlockChain(plan)];
    const list = new FreeList(plan, chain, trail);
    let start: number = plan.firstBlock;
    for (let index = 0; index < 3; index++) {
      const bytes = (index === large ? 2 : 1) * least;
      const block = chain.append(start, bytes, true);
      list.append(block, index);
      start = endOf(block);
    }
    trail.begin(1);
    expect(list.find(2 * least)).toBe(large);
    return trail.path().loops;
  };
  expect(loops(0)).not.toEqual(loops(1));
  expect(loops(1)).not.toEqual(loops(2));
});

it("tells blocks that lose by their size by whether their addresses win: a compiler may ask for either first", () => {
  const plan = planOf({ policy: sequential({ fit: "best", ties: "lowest", order: "lifo" }) });
  const least = plan.minimumBlockBytes;
  /** Loops of a search that finds the block in the heap's middle and then looks at another one. */
  const loops = (other: "low" | "high", need: number): readonly number[] => {
    const [trail, chain] = [new PathTrail(), new BlockChain(plan)];
    const list = new FreeList(plan, chain, trail);
    const low = chain.append(plan.firstBlock, (need > 2 ? 1 : 4) * least, true);
    const middle = chain.append(endOf(low), 3 * least, true);
    const high = chain.append(endOf(middle), low.size, true);
    for (const block of [middle, other === "low" ? low : high]) list.append(block, list.blocks.length);
    trail.begin(1);
    expect(list.find(need * least)).toBe(0);
    return trail.path().loops;
  };
  expect(loops("low", 3)).not.toEqual(loops("high", 3));
  expect(loops("low", 2)).not.toEqual(loops("high", 2));
});
