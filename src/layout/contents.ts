/** What the memory of a heap says whose blocks have headers. */
import { blocks, blocksEnd, freeBlocks } from "../header/decode/headers.js";
import type { HeapContents } from "../plan/policy-rules.js";
import type { HeaderLayoutData } from "./layout.js";

export const headerContents = (layout: HeaderLayoutData, heap: DataView): HeapContents => ({
  blocks: blocks(layout, heap),
  end: blocksEnd(layout, heap),
  freeList: freeBlocks(layout, heap),
});
