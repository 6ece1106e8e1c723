/** The toy's blocks. */
import { readMember } from "../../../src/layout/decode/numbers.js";
import type { Block } from "../../../src/layout/decode/headerless-block.js";
import type { ToyLayoutData } from "./layout.js";

/** All blocks by address. */
export function* blocks(layout: ToyLayoutData, heap: DataView): Generator<Block> {
  for (let index = 0; index < layout.control.used.count; index++) {
    const offset = layout.firstBlock + index * layout.minimumBlockBytes;
    const free = readMember(heap, layout.control.used, index) === 0;
    yield { offset, payload: offset, size: layout.minimumBlockBytes, free };
  }
}
