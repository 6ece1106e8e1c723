/** The bytes of metadata the C must have in memory, with a mask for the bits that nobody owns. */
import { sizeField } from "../header/facts.js";
import type { BlockFacts } from "../header/field.js";
import { headerImage, type ExpectedBits } from "../header/image.js";
import { linkUnitBytes, type Plan } from "../plan/plan.js";
import type { UnitBytes } from "../units.js";
import type { Block } from "./block.js";
import type { ReferenceHeap } from "./reference-heap.js";

export interface MetadataImage {
  /** One byte for each byte of the heap. */
  readonly bytes: Uint8Array;
  /** Bits that must be as in `bytes`. */
  readonly mask: Uint8Array;
}

class ImageWriter {
  private readonly values: DataView;
  private readonly masks: DataView;

  constructor(readonly image: MetadataImage) {
    this.values = new DataView(image.bytes.buffer);
    this.masks = new DataView(image.mask.buffer);
  }

  /** A whole little-endian number. */
  put(offset: number, width: UnitBytes, value: number): void {
    this.bits(offset, width, -1, value);
  }

  /** The bits of the mask in the little-endian unit at `offset`; `value` has no others. */
  bits(offset: number, width: UnitBytes, mask: number, value: number): void {
    const { values, masks } = this;
    switch (width) {
      case 1:
        values.setUint8(offset, (values.getUint8(offset) & ~mask) | value);
        masks.setUint8(offset, masks.getUint8(offset) | mask);
        break;
      case 2:
        values.setUint16(offset, (values.getUint16(offset, true) & ~mask) | value, true);
        masks.setUint16(offset, masks.getUint16(offset, true) | mask, true);
        break;
      case 4:
        values.setUint32(offset, (values.getUint32(offset, true) & ~mask) | value, true);
        masks.setUint32(offset, masks.getUint32(offset, true) | mask, true);
        break;
    }
  }

  /** What a header must hold, that of the block at `block.start`. */
  header(expected: readonly ExpectedBits[], block: BlockFacts): void {
    for (const { offset, bytes, mask, valueOf } of expected)
      this.bits(block.start + offset, bytes, mask, valueOf(block));
  }
}

/** Metadata of a reference heap as it must stand in the target's memory. */
export const metadataImage = (plan: Plan, heap: ReferenceHeap): MetadataImage => metadataImages(plan)(heap);

/** As `metadataImage`, for many images of one plan: what depends on the plan alone is made once. */
export function metadataImages(plan: Plan): (heap: ReferenceHeap) => MetadataImage {
  const expected = headerImage(plan.header);
  return (heap) => {
    const image = { bytes: new Uint8Array(plan.heapBytes), mask: new Uint8Array(plan.heapBytes) };
    const writer = new ImageWriter(image);
    writeControl(plan, heap, writer);
    let left: BlockFacts | undefined;
    for (const block of heap.blocks()) {
      const facts = factsOf(plan, block, left);
      writer.header(block.free ? expected.freeBlock : expected.usedBlock, facts);
      if (block.free) writeFree(plan, heap, block, writer);
      else if (block.quick) writeQuick(plan, heap, block, writer);
      left = facts;
    }
    const end = endBlock(heap.wildernessStart(), left);
    if (plan.endHeader === "tag") writer.header(expected.endTag, end);
    if (plan.endHeader === "block") writer.header(expected.endBlock, end);
    return image;
  };
}

function writeControl(plan: Plan, heap: ReferenceHeap, writer: ImageWriter): void {
  const control = heap.control();
  for (const field of plan.control) {
    const values = control.get(field.name);
    if (values?.length !== field.count)
      throw new Error(`the reference has no ${field.count} values of ${field.name}`);
    for (const [index, value] of values.entries()) {
      if (value !== undefined) writer.put(field.offset + index * field.bytes, field.bytes, value);
    }
  }
  for (const number of heap.storedNumbers?.() ?? []) writer.put(number.offset, number.bytes, number.value);
}

const factsOf = (
  plan: Plan,
  { start, size, free, quick, requestBytes, tag }: Block,
  left: BlockFacts | undefined,
): BlockFacts => ({ start, granules: size / plan.granuleBytes, free, waits: quick, requestBytes, tag, left });

/** The block of size 0 that stands behind the last one where a header ends the heap. */
const endBlock = (start: number, left: BlockFacts | undefined): BlockFacts => ({
  start,
  granules: 0,
  free: false,
  waits: false,
  requestBytes: 0,
  tag: 0,
  left,
});

/** The offset of a block's payload, in what links count in; 0: none. */
const linkOf = (plan: Plan, to: Block | undefined): number =>
  to === undefined ? 0 : (to.start + plan.header.bytes) / linkUnitBytes(plan);

/** The list that a block waits in is linked singly. */
function writeQuick(plan: Plan, heap: ReferenceHeap, block: Block, writer: ImageWriter): void {
  const { links } = plan.header;
  if (links.place !== "intrusive") throw new Error("quick lists are linked through their blocks");
  const { next } = heap.links(block);
  writer.put(block.start + links.nextOffset, links.bytes, linkOf(plan, next));
}

function writeFree(plan: Plan, heap: ReferenceHeap, block: Block, writer: ImageWriter): void {
  const { links, footerBytes } = plan.header;
  if (links.place === "intrusive") {
    const { next, previous, headLink = 0 } = heap.links(block);
    writer.put(block.start + links.nextOffset, links.bytes, linkOf(plan, next));
    if (links.form === "double") {
      const back = previous === undefined ? headLink : linkOf(plan, previous);
      writer.put(block.start + links.previousOffset, links.bytes, back);
    }
  }
  if (footerBytes > 0) {
    const shift = sizeField(plan.header).placement.shift;
    writer.put(
      block.start + block.size - footerBytes,
      footerBytes as UnitBytes,
      (block.size / plan.granuleBytes) * 2 ** shift,
    );
  }
}
