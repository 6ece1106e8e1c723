/** Arenas: what is left, and the blocks behind it, each of which says where it ends. */
import { blockEnd, newestBlock } from "./decode.js";
import type { BumpLayoutData } from "./layout.js";
import {
  hex,
  type Damage,
  type InspectedBlock,
  type Inspection,
  type Stretch,
} from "../../inspect/inspection.js";
import { totalsOf } from "../../inspect/totals.js";

/** @param heap the heap's bytes, with any content */
export function inspect(layout: BumpLayoutData, heap: DataView): Inspection {
  const { firstBlock, endOfBlocks, granuleBytes, minimumBlockBytes } = layout;
  const newest = newestBlock(layout, heap);
  const blocks: InspectedBlock[] = [];
  const lost: Stretch[] = [];
  const damage: Damage[] = [];
  const area = endOfBlocks - firstBlock;
  const sound = newest <= endOfBlocks && (newest - firstBlock) % granuleBytes === 0;
  if (!sound) {
    damage.push({
      kind: "control",
      offset: layout.control.room.offset,
      what: "bytes left",
      found: String(newest - firstBlock),
      expected: `0 to ${area}, a multiple of ${granuleBytes}`,
    });
  }
  let offset = sound ? newest : firstBlock;
  while (offset < endOfBlocks) {
    const end = sound ? blockEnd(layout, heap, offset) : offset;
    const size = end - offset;
    if (size < minimumBlockBytes || end > endOfBlocks || size % granuleBytes !== 0) {
      lost.push({ offset, size: endOfBlocks - offset });
      if (sound) {
        damage.push({
          kind: "link",
          offset,
          what: `bytes left before the block at ${hex(offset)}`,
          found: String(end - firstBlock),
          expected: `${offset - firstBlock + minimumBlockBytes} to ${area}, a multiple of ${granuleBytes}`,
        });
      }
      break;
    }
    blocks.push({ offset, payload: offset + layout.headerBytes, size, free: false });
    offset = end;
  }
  const untouched = sound && newest > firstBlock ? [{ offset: firstBlock, size: newest - firstBlock }] : [];
  return {
    controlBytes: firstBlock,
    heapBytes: layout.heapBytes,
    blocks,
    lost,
    untouched,
    lists: [],
    ...totalsOf(blocks, lost, untouched),
    damage,
  };
}
