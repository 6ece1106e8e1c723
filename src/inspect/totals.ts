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

/** Blocks and bytes of each tag, the one with most bytes first. */
function tagsOf(used: readonly InspectedBlock[]): readonly InspectedTag[] {
  const byTag = new Map<number, { blocks: number; bytes: number }>();
  for (const { labels, size } of used) {
    const tag = tagOf(labels);
    if (tag === undefined) continue;
    const total = byTag.get(tag) ?? { blocks: 0, bytes: 0 };
    byTag.set(tag, { blocks: total.blocks + 1, bytes: total.bytes + size });
  }
  return [...byTag]
    .map(([tag, total]) => ({ tag, ...total }))
    .sort((left, right) => right.bytes - left.bytes || left.tag - right.tag);
}
