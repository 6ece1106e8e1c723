/** Sums over the blocks of a heap. */
import { requestBytesOf, tagOf } from "../header/dump.js";
import type { HeapTotals, InspectedBlock, InspectedTag, Stretch } from "./inspection.js";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const sizes = (stretches: readonly { readonly size: number }[]): number =>
  sum(stretches.map(({ size }) => size));

export function totalsOf(
  blocks: readonly InspectedBlock[],
  lost: readonly Stretch[],
  untouched: readonly Stretch[],
): { readonly totals: HeapTotals; readonly tags: readonly InspectedTag[] } {
  const used = blocks.filter(({ free }) => !free);
  const free = blocks.filter((block) => block.free);
  const freeBytes = sizes(free);
  const untouchedBytes = sizes(untouched);
  const largestFreeBytes = [...free, ...untouched].reduce((largest, { size }) => Math.max(largest, size), 0);
  const asked = used.map(({ labels }) => requestBytesOf(labels));
  const known = asked.filter((requested) => requested !== undefined);
  const all = freeBytes + untouchedBytes;
  return {
    totals: {
      usedBlocks: used.length,
      usedBytes: sizes(used),
      requestedBytes: used.length > 0 && known.length === used.length ? sum(known) : undefined,
      freeBlocks: free.length,
      freeBytes,
      untouchedBytes,
      largestFreeBytes,
      fragmentation: all === 0 ? 0 : 1 - largestFreeBytes / all,
      lostBytes: sizes(lost),
    },
    tags: tagsOf(used),
  };
}

/** Blocks and bytes of each tag, the one with most bytes first: what grows from dump to dump is a leak. */
function tagsOf(used: readonly InspectedBlock[]): readonly InspectedTag[] {
  const byTag = new Map<number, InspectedBlock[]>();
  for (const block of used) {
    const tag = tagOf(block.labels);
    if (tag === undefined) continue;
    const blocks = byTag.get(tag);
    if (blocks === undefined) byTag.set(tag, [block]);
    else blocks.push(block);
  }
  return [...byTag]
    .map(([tag, blocks]) => ({
      ...{ tag, blocks: blocks.length, bytes: sizes(blocks) },
      offsets: blocks.toSorted((left, right) => right.size - left.size).map(({ offset }) => offset),
    }))
    .sort((left, right) => right.bytes - left.bytes || left.tag - right.tag);
}
