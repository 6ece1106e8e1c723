/** Bitmapped fit: two bits for each granule tell everything. */
import { readBit, runEnd } from "./decode.js";
import { readMember } from "../../layout/decode/numbers.js";
import type { BitmapLayoutData } from "./layout.js";
import { hex, type Damage, type InspectedBlock, type Inspection } from "../../inspect/inspection.js";
import { totalsOf } from "../../inspect/totals.js";

/** @param heap the heap's bytes, with any content */
export function inspect(layout: BitmapLayoutData, heap: DataView): Inspection {
  const { control, granules, granuleBytes, firstBlock } = layout;
  const blocks: InspectedBlock[] = [];
  const damage: Damage[] = [];
  const wrongBit = (granule: number, found: string, expected: string): Damage => ({
    kind: "bitmap",
    offset: control.last.offset + 4 * Math.floor(granule / 32),
    what: `bit ${granule} of last`,
    found,
    expected,
    near: [firstBlock + granule * granuleBytes],
  });
  for (let granule = 0; granule < granules;) {
    const end = runEnd(layout, heap, granule);
    const offset = firstBlock + granule * granuleBytes;
    const free = !readBit(heap, control.used, granule);
    blocks.push({ offset, payload: offset, size: (end - granule) * granuleBytes, free });
    if (!free && !readBit(heap, control.last, end - 1))
      damage.push(wrongBit(end - 1, "0", `1: the block at ${hex(offset)} ends there`));
    for (let at = granule; free && at < end; at++)
      if (readBit(heap, control.last, at)) damage.push(wrongBit(at, "1", "0: the granule is free"));
    granule = end;
  }
  return {
    controlBytes: firstBlock,
    heapBytes: layout.heapBytes,
    blocks,
    lost: [],
    untouched: [],
    lists: [],
    ...totalsOf(blocks, [], []),
    damage: [...checkSearched(layout, heap), ...damage],
  };
}

/** The search covers the last `searched` words: none in front of them may have a free granule. */
function checkSearched({ control }: BitmapLayoutData, heap: DataView): readonly Damage[] {
  const searched = readMember(heap, control.searched);
  const words = Array.from({ length: control.used.count }, (_, word) => readMember(heap, control.used, word));
  const filled = words.findIndex((word) => word !== 0xffffffff);
  const least = filled < 0 ? 0 : words.length - filled;
  if (searched >= least && searched <= words.length) return [];
  const expected = `${least} to ${words.length}: the words before them are all in use`;
  return [
    {
      kind: "control",
      offset: control.searched.offset,
      what: "searched of the control data",
      found: String(searched),
      expected,
    },
  ];
}
