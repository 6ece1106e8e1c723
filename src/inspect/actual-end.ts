/** Where the blocks of a heap end whose size init found out. */
import { readMember } from "../layout/decode/numbers.js";
import type { HeaderLayoutData } from "../layout/layout.js";
import type { Damage } from "./inspection.js";

/** The layout of the heap that a dump holds, and what is wrong with the end that stands in it: then the most is taken. */
export function atActualSize(
  layout: HeaderLayoutData,
  heap: DataView,
): { readonly layout: HeaderLayoutData; readonly damage: readonly Damage[] } {
  const { control, firstBlock, granuleBytes, endOfBlocks: most, header } = layout;
  if (control.end === undefined) return { layout, damage: [] };
  const found = readMember(heap, control.end);
  const least = firstBlock + layout.minimumBlockBytes;
  if (found >= least && found <= most && (found - firstBlock) % granuleBytes === 0) {
    return { layout: { ...layout, endOfBlocks: found, heapBytes: found + header.bytes }, damage: [] };
  }
  const expected = `${least} to ${most}, in steps of ${granuleBytes}`;
  const what = "end of the blocks";
  return {
    layout,
    damage: [{ kind: "control", offset: control.end.offset, what, found: String(found), expected }],
  };
}
