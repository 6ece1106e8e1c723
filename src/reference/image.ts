/** The bytes of metadata the C must have in memory, with a mask for the bits that nobody owns. */
import { findField, linkUnitBytes, type FieldName, type Plan } from "../plan/plan.js";
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
  const put = (start: number, name: FieldName, value: number) => {
    const field = findField(plan.header, name);
    if (field !== undefined) {
      writer.bits(start + field.unit.offset, field.placement.shift, field.placement.bits, value);
    }
  };
  let left: Block | undefined;
  for (const block of heap.blocks()) {
    put(block.start, "size", block.size / plan.granuleBytes);
    put(block.start, "used", block.free ? 0 : 1);
    put(block.start, "quick", block.quick ? 1 : 0);
    putLeft(left, block.start);
    if (block.free) writeFree(plan, heap, block, writer);
    else {
      put(block.start, "requested", block.requested);
      put(block.start, "magic", plan.header.magic);
      put(block.start, "tag", block.tag);
      if (block.quick) writeQuick(block);
    }
    if (plan.header.checksum !== undefined) put(block.start, "checksum", checksumOf(plan, block, left));
    left = block;
  }
  const end = heap.wildernessStart();
  if (plan.endHeader !== "none") putLeft(left, end);
  if (plan.endHeader === "block") {
    put(end, "size", 0);
    put(end, "used", 1);
    put(end, "quick", 0);
    // What is kept with blocks is never written there, and counts in the checksum.
    if (plan.header.checksum !== undefined && !keepsLabels(plan)) {
      put(
        end,
        "checksum",
        checksumOf(plan, { size: 0, free: false, quick: false, requested: 0, tag: 0 }, left),
      );
    }
  }
  return image;

  /** The list that a block waits in is linked singly. */
  function writeQuick(block: Block): void {
    const { links } = plan.header;
    if (links.place !== "intrusive") throw new Error("quick lists are linked through their blocks");
    const { next } = heap.links(block);
    writer.put(block.start + links.nextOffset, links.bytes, linkOf(plan, next));
  }

  /** What the header at `start` says of its left neighbour. */
  function putLeft(neighbour: Block | undefined, start: number): void {
    put(start, "prevFree", neighbour?.free === true ? 1 : 0);
    put(start, "prevSize", (neighbour?.size ?? 0) / plan.granuleBytes);
  }
}

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
    const shift = findField(plan.header, "size")?.placement.shift ?? 0;
    writer.put(
      block.start + block.size - footerBytes,
      footerBytes as UnitBytes,
      (block.size / plan.granuleBytes) * 2 ** shift,
    );
  }
}

const keepsLabels = ({ header }: Plan): boolean =>
  (["requested", "magic", "tag"] as const).some((name) => findField(header, name) !== undefined);

/** What a header tells of its block. */
type Told = Pick<Block, "size" | "free" | "quick" | "requested" | "tag">;

/** The numbers of a header's fields; of a free block those that are kept with a block in use are 0. */
function fieldValues(plan: Plan, block: Told, left: Block | undefined): Readonly<Record<FieldName, number>> {
  const used = !block.free;
  return {
    size: block.size / plan.granuleBytes,
    used: used ? 1 : 0,
    prevFree: left?.free === true ? 1 : 0,
    quick: block.quick ? 1 : 0,
    prevSize: (left?.size ?? 0) / plan.granuleBytes,
    requested: used ? block.requested : 0,
    magic: used ? plan.header.magic : 0,
    tag: used ? block.tag : 0,
    checksum: 0,
    padding: 0,
  };
}

/** Every bit of the other fields counts once, in the checksum's bit that is a multiple of its width away. */
function checksumOf(plan: Plan, block: Told, left: Block | undefined): number {
  const { bits = 1, ofZeros = 0 } = plan.header.checksum ?? {};
  const values = fieldValues(plan, block, left);
  let sum = ofZeros;
  for (const { fields } of plan.header.units) {
    for (const { field, shift, bits: width } of fields) {
      for (let bit = 0; bit < width; bit++) {
        const isSet = Math.floor(values[field] / 2 ** bit) % 2 === 1;
        if (isSet) sum ^= 1 << ((shift + bit) % bits);
      }
    }
  }
  return sum;
}
