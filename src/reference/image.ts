/** The bytes of metadata the C must have in memory, with a mask for the bits that nobody owns. */
import { sizeField } from "../header/facts.js";
import type { BlockFacts } from "../header/field.js";
import { expectedEndBlock, expectedEndTag, expectedHeader, type ExpectedBits } from "../header/image.js";
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
    this.bits(offset, 0, 8 * width, value);
  }

  /** Bits from `shift` of the little-endian unit at `offset`. */
  bits(offset: number, shift: number, count: number, value: number): void {
    let at = offset + Math.floor(shift / 8);
    let low = shift % 8;
    let rest = value;
    for (let left = count; left > 0; at++, low = 0) {
      const taken = Math.min(8 - low, left);
      const mask = (2 ** taken - 1) << low;
      this.values.setUint8(at, (this.values.getUint8(at) & ~mask) | ((rest << low) & mask));
      this.masks.setUint8(at, this.masks.getUint8(at) | mask);
      rest = Math.floor(rest / 2 ** taken);
      left -= taken;
    }
  }
}

/** Metadata of the reference heap as it must stand in the target's memory. */
export function metadataImage(plan: Plan, heap: ReferenceHeap): MetadataImage {
  const image = { bytes: new Uint8Array(plan.heapBytes), mask: new Uint8Array(plan.heapBytes) };
  const writer = new ImageWriter(image);
  const control = heap.control();
  for (const field of plan.control) {
    const values = control.get(field.name);
    if (values?.length !== field.count)
      throw new Error(`the reference has no ${field.count} values of ${field.name}`);
    for (const [index, value] of values.entries()) {
      if (value !== undefined) writer.put(field.offset + index * field.bytes, field.bytes, value);
    }
  }
  for (const number of heap.ownNumbers?.() ?? []) writer.put(number.offset, number.bytes, number.value);
  const putBits = (start: number, fields: readonly ExpectedBits[]): void => {
    for (const { offset, shift, bits, value } of fields) writer.bits(start + offset, shift, bits, value);
  };
  let left: Block | undefined;
  for (const block of heap.blocks()) {
    putBits(block.start, expectedHeader(plan.header, factsOf(plan, block, left)));
    if (block.free) writeFree(plan, heap, block, writer);
    else if (block.quick) writeQuick(block);
    left = block;
  }
  const end = endBlock(plan, heap.wildernessStart(), left);
  if (plan.endHeader === "tag") putBits(end.start, expectedEndTag(plan.header, end));
  if (plan.endHeader === "block") putBits(end.start, expectedEndBlock(plan.header, end));
  return image;

  /** The list that a block waits in is linked singly. */
  function writeQuick(block: Block): void {
    const { links } = plan.header;
    if (links.place !== "intrusive") throw new Error("quick lists are linked through their blocks");
    const { next } = heap.links(block);
    writer.put(block.start + links.nextOffset, links.bytes, linkOf(plan, next));
  }
}

function factsOf(plan: Plan, block: Block, left: Block | undefined): BlockFacts {
  const { start, size, free, quick, requestBytes, tag } = block;
  return {
    ...{ start, free, requestBytes, tag },
    granules: size / plan.granuleBytes,
    waits: quick,
    left: left && { granules: left.size / plan.granuleBytes, free: left.free },
  };
}

/** The block of size 0 that stands behind the last one where a header ends the heap. */
const endBlock = (plan: Plan, start: number, left: Block | undefined): BlockFacts => ({
  ...{ start, granules: 0, free: false, waits: false, requestBytes: 0, tag: 0 },
  left: left && { granules: left.size / plan.granuleBytes, free: left.free },
});

/** The offset of a block's payload, in what links count in; 0: none. */
const linkOf = (plan: Plan, to: Block | undefined): number =>
  to === undefined ? 0 : (to.start + plan.header.bytes) / linkUnitBytes(plan);

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
