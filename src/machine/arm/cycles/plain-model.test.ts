import { expect, it } from "vitest";
import { loadTarget } from "../../../targets/load.js";
import { Code } from "../../code.js";
import type { Block } from "../../code.js";
import { BlockPrices, cyclesOf } from "../../block-prices.js";
import { plainModel } from "./plain-model.js";

/** The block that these halfwords are, at 0x1000. */
function blockOf(...halfwords: readonly number[]): Block {
  const data = new Uint8Array(Uint16Array.from(halfwords).buffer);
  const range = { start: 0x1000, end: 0x1000 + data.length };
  const block = new Code([{ address: 0x1000, data }], [range]).block(range.start, range.end);
  if ("kind" in block) throw new Error(block.kind);
  return block;
}

const m4 = plainModel(loadTarget("cortex-m4"));

/** What one pass costs, by whether control left at the end; `executed`: addresses of instructions under IT. */
function price(...halfwords: readonly number[]) {
  const prices = new BlockPrices(m4);
  const block = prices.add(blockOf(...halfwords));
  const pass = (variant: number, taken: 0 | 1) => cyclesOf(prices.pass(prices.start, variant, taken));
  return {
    notTaken: pass(block, 0),
    taken: pass(block, 1),
    executing: (at: number) => pass(prices.executing(block, at), 1),
  };
}

it("overlaps a load with the load or store before it, unless that loaded its address", () => {
  const [loadR1FromR0, loadR2FromR0, loadR2FromR1, storeR1ToR0] = [0x6801, 0x6802, 0x680a, 0x6001];
  expect(price(loadR1FromR0)).toMatchObject({ taken: 2, notTaken: 2 });
  expect(price(loadR1FromR0, loadR2FromR0)).toMatchObject({ notTaken: 2 + 1 });
  expect(price(loadR1FromR0, loadR2FromR1)).toMatchObject({ notTaken: 2 + 2 });
  expect(price(storeR1ToR0, loadR2FromR0)).toMatchObject({ notTaken: 1 + 1 });
});

it("does not overlap with multiples, pairs or arithmetic", () => {
  const [loadR2FromR0, popR1R3, moveR1, loadPair] = [0x6802, 0xbc0a, 0x2100, [0xe9d0, 0x1300]] as const;
  expect(price(popR1R3, loadR2FromR0).notTaken).toBe(3 + 2);
  expect(price(moveR1, loadR2FromR0).notTaken).toBe(1 + 2);
  expect(price(...loadPair, loadR2FromR0).notTaken).toBe(3 + 2);
});

it("prices a conditional branch by where it goes", () => {
  const [compare, branchIfEqual] = [0x2800, 0xd0fe];
  expect(price(compare, branchIfEqual)).toMatchObject({ notTaken: 1 + 1, taken: 1 + 3 });
});

it("charges what IT covers as skipped, and tells what executing it adds", () => {
  const [ifThenElse, loadR1, moveR1, returns] = [0xbf0c, 0x6801, 0x2100, 0x4770];
  const { taken, executing } = price(ifThenElse, loadR1, moveR1, returns);
  expect(taken).toBe(1 + 1 + 1 + 3);
  expect(executing(0x1002)).toBe(taken + 1);
});

it("lets a return under IT show in where control goes", () => {
  const [ifThen, returns] = [0xbf08, 0x4770];
  expect(price(ifThen, returns)).toMatchObject({ notTaken: 1 + 1, taken: 1 + 3 });
});

it("names its table, and whether it is an estimate", () => {
  expect(m4).toMatchObject({ name: "cortex-m4 plain table", estimate: false });
  expect(plainModel(loadTarget("cortex-m7"))).toMatchObject({
    name: "cortex-m7 plain table",
    estimate: true,
  });
});
