/** The control data that the lists of the classes come to, and what holds of them between operations. */
import { sizeField } from "../../header/facts.js";
import type { SegregatedFitPlan } from "./types.js";
import type { BlockChain } from "../../reference/block-chain.js";
import type { Block } from "../../reference/block.js";

/**
 * @param places number of each class in the bitmap
 * @param linkTo what a link to a block is
 */
export function classValues(
  plan: SegregatedFitPlan,
  listed: readonly (readonly Block[])[],
  places: readonly number[],
  linkTo: (block: Block) => number,
): readonly (readonly [string, readonly (number | undefined)[]])[] {
  const { firstClass, classes, bitmapWords, address } = plan.policy;
  // Bits count from the end where the core finds the first one.
  const bit = (index: number): number => 2 ** (plan.countLeadingZeros ? 31 - index : index);
  const words = Array.from({ length: bitmapWords }, () => 0);
  const first = Array.from({ length: classes }, (): number => address?.none ?? 0);
  for (const [number, blocks] of listed.entries()) {
    const block = blocks.at(-1);
    if (block === undefined) continue;
    const place = places[number] as number;
    const word = Math.floor(place / 32);
    words[word] = (words[word] as number) + bit(place % 32);
    first[place - firstClass] = linkTo(block);
  }
  const summary = words.reduce((sum, word, index) => sum + (word === 0 ? 0 : bit(index)), 0);
  const unused = plan.control.find(({ name }) => name === "unused")?.count ?? 0;
  return [
    // The end of lists that are linked by addresses tells its own.
    ["none", [address?.none, undefined]],
    ["none_header", noneHeader(plan)],
    ["limit", [plan.maximumRequestBytes + (plan.zeroSize === "null" ? 0 : 1)]],
    ["unused", Array.from({ length: unused }, () => undefined)],
    ["summary", [summary]],
    ["bitmap", words],
    ["nonempty", words],
    ["first", address === undefined ? first : first.flatMap((link) => [link, undefined]).slice(0, -1)],
  ];
}

/** The header of the block that ends all lists, in numbers of its size's width: that alone is written. */
function noneHeader({ header, policy }: SegregatedFitPlan): readonly (number | undefined)[] {
  if (policy.address === undefined) return [];
  const { unit } = sizeField(header);
  return Array.from({ length: header.bytes / unit.bytes }, (_, index) =>
    index === unit.offset / unit.bytes ? 0 : undefined,
  );
}

/** @throws Error naming the invariant that does not hold. */
export function checkInvariants(
  plan: SegregatedFitPlan,
  chain: BlockChain,
  listed: readonly (readonly Block[])[],
  classNumber: (size: number) => number,
): void {
  const mergesAtOnce = plan.policy.coalesce === "immediate";
  chain.checkTiling(plan.endOfBlocks);
  let unseen = 0;
  for (const [index, blocks] of listed.entries()) {
    unseen += blocks.length;
    for (const block of blocks) {
      if (!block.free) throw new Error(`the block in use at ${block.start} is listed`);
      if (classNumber(block.size) !== index)
        throw new Error(`the block at ${block.start} is in a wrong class`);
    }
  }
  for (const block of chain.blocks()) {
    if (block.free) unseen--;
    if (mergesAtOnce && block.free && block.right?.free === true)
      throw new Error(`two free neighbours at ${block.start}`);
  }
  if (unseen !== 0) throw new Error("a free block is not listed, or listed twice");
}
