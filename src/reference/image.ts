/** The bytes of metadata the C must have in memory, with a mask for the bits that nobody owns. */
import { sizeField } from "../header/facts.js";
import type { BlockFacts } from "../header/field.js";
import { headerImage, type ExpectedBits, type HeaderImage } from "../header/image.js";
import { linkUnitBytes, type Plan } from "../plan/plan.js";
import type { UnitBytes } from "../units.js";
import type { Block } from "./block.js";
import { linkBase, listEnd } from "./link-base.js";
import { pageBytes, Pages } from "./pages.js";
import type { ReferenceHeap } from "./reference-heap.js";

export interface MetadataImage {
  /** One byte for each byte of the heap. */
  readonly bytes: Uint8Array;
  /** Bits that must be as in `bytes`. */
  readonly mask: Uint8Array;
}

/** Where a number stands that the reference expects. */
export interface NumberPlace {
  /** "nonempty", "first[3]", "next of the free block at 64" */
  readonly name: string;
  readonly offset: number;
  readonly bytes: UnitBytes;
  /** Its bits in the little-endian unit, as an unsigned number; all of them of a number that fills it. */
  readonly mask: number;
}

class ImageWriter {
  private readonly values: DataView;
  private readonly masks: DataView;

  /**
   * @param base what links count from: 0 where they are offsets
   * @param watch told of each number that is written; names are made for it alone
   * @param pages told in which pages of the image something was written
   */
  constructor(
    readonly image: MetadataImage,
    private readonly base: number,
    private readonly watch?: (offset: number, width: UnitBytes, name: () => string) => void,
    private readonly pages?: Pages,
  ) {
    this.values = new DataView(image.bytes.buffer);
    this.masks = new DataView(image.mask.buffer);
  }

  /** A link: an address counts from where the heap begins. */
  link(offset: number, width: UnitBytes, value: number, name: string, place?: Block | number): void {
    this.put(offset, width, (value + this.base) % 2 ** 32, name, place);
  }

  /** A whole little-endian number, of that name in a block, or at that place of a table. */
  put(offset: number, width: UnitBytes, value: number, name: string, place?: Block | number): void {
    this.watch?.(offset, width, () => placed(name, place));
    this.bits(offset, width, -1, value);
  }

  /** The bits of the mask in the little-endian unit at `offset`; `value` has no others. */
  bits(offset: number, width: UnitBytes, mask: number, value: number): void {
    const { values, masks } = this;
    this.pages?.touch(offset, width);
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

function placed(name: string, place: Block | number | undefined): string {
  if (place === undefined) return name;
  return typeof place === "number" ? `${name}[${place}]` : `${name} of ${described(place)}`;
}

/** "the free block at 64" */
const described = ({ start, free, quick }: Pick<Block, "start" | "free" | "quick">): string =>
  `the ${free ? "free block" : quick ? "block in a quick list" : "block in use"} at ${start}`;

/** Holds a heap's memory against its reference, time after time. A large heap is mostly payload: it is not looked through. */
export class MetadataComparison {
  /** What was expected last. */
  readonly expected: MetadataImage;
  readonly #header: HeaderImage;
  readonly #pages: Pages;
  /** The mask by words. */
  readonly #maskWords: Uint32Array;
  #written: readonly number[] = [];

  constructor(private readonly plan: Plan) {
    this.#header = headerImage(plan.header);
    this.#pages = new Pages(plan.heapBytes);
    const mask = new Uint8Array(plan.heapBytes);
    this.expected = { bytes: new Uint8Array(plan.heapBytes), mask };
    this.#maskWords = new Uint32Array(mask.buffer, 0, Math.floor(mask.length / 4));
  }

  /**
   * Offset of the first byte that is not as it must be; undefined: none is.
   * @param heapAddress where `found` begins on the core: links may be addresses
   */
  firstDifference(heap: ReferenceHeap, found: Uint8Array, heapAddress: number): number | undefined {
    const { bytes, mask } = this.expected;
    const words = this.#maskWords;
    for (const page of this.#written) {
      bytes.fill(0, page * pageBytes, (page + 1) * pageBytes);
      mask.fill(0, page * pageBytes, (page + 1) * pageBytes);
    }
    const base = linkBase(this.plan, heapAddress);
    writeImage(this.plan, heap, this.#header, new ImageWriter(this.expected, base, undefined, this.#pages));
    this.#written = this.#pages.take();
    for (const page of this.#written) {
      const end = Math.min((page + 1) * pageBytes, bytes.length);
      for (let at = page * pageBytes; at < end; at++) {
        // Most of a page is payload.
        while (at % 4 === 0 && at < end && words[at >>> 2] === 0) at += 4;
        if (at >= end) break;
        const wanted = mask[at] as number;
        if (wanted !== 0 && (((found[at] as number) ^ (bytes[at] as number)) & wanted) !== 0) return at;
      }
    }
    return undefined;
  }
}

/**
 * Metadata of a reference heap as it must stand in the target's memory.
 * @param heapAddress where it begins: links may be addresses
 */
export const metadataImage = (plan: Plan, heap: ReferenceHeap, heapAddress = 0): MetadataImage =>
  metadataImages(plan, heapAddress)(heap);

/** As `metadataImage`, for many images of one plan: what depends on the plan alone is made once. */
export function metadataImages(plan: Plan, heapAddress = 0): (heap: ReferenceHeap) => MetadataImage {
  const base = linkBase(plan, heapAddress);
  const expected = headerImage(plan.header);
  return (heap) => {
    const image = { bytes: new Uint8Array(plan.heapBytes), mask: new Uint8Array(plan.heapBytes) };
    writeImage(plan, heap, expected, new ImageWriter(image, base));
    return image;
  };
}

function writeImage(plan: Plan, heap: ReferenceHeap, expected: HeaderImage, writer: ImageWriter): void {
  writeControl(plan, heap, writer);
  let left: BlockFacts | undefined;
  for (const block of heap.blocks()) {
    const facts = factsOf(plan, block, left);
    writer.header(block.free ? expected.freeBlock : expected.usedBlock, facts);
    if (block.free) writeFree(plan, heap, block, writer);
    else if (block.quick) writeQuick(plan, heap, block, writer);
    else writeGuard(plan, block, writer);
    left = facts;
  }
  const end = endBlock(heap.wildernessStart(), left);
  if (plan.endHeader === "tag") writer.header(expected.endTag, end);
  if (plan.endHeader === "block") writer.header(expected.endBlock, end);
}

/** The bytes behind what was asked for: the first and the last say how many they are. */
function writeGuard({ header, hardening }: Plan, block: Block, writer: ImageWriter): void {
  if (hardening?.guard === undefined) return;
  const { code } = hardening.guard;
  const payload = block.start + header.bytes;
  const end = block.start + block.size;
  writer.put(payload + block.requestBytes, 1, code + 1, "guard", block);
  writer.put(end - 1, 1, code + end - payload - block.requestBytes, "guard", block);
}

function writeControl(plan: Plan, heap: ReferenceHeap, writer: ImageWriter): void {
  const control = new Map([["end", [plan.endOfBlocks]] as const, ...heap.control()]);
  for (const field of plan.control) {
    const values = control.get(field.name);
    if (values?.length !== field.count)
      throw new Error(`the reference has no ${field.count} values of ${field.name}`);
    for (const [index, value] of values.entries()) {
      const place = field.count === 1 ? undefined : index;
      if (value === undefined) continue;
      const at = field.offset + index * field.bytes;
      if (field.isLink === true) writer.link(at, field.bytes, value, field.name, place);
      else writer.put(at, field.bytes, value, field.name, place);
    }
  }
  for (const { offset, bytes, value, name } of heap.storedNumbers?.() ?? [])
    writer.put(offset, bytes, value, name);
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

/** The offset of a block's payload, in what links count in; where a list ends, 0 or the offset of what ends it. */
const linkOf = (plan: Plan, to: Block | undefined): number =>
  to === undefined ? listEnd(plan) : (to.start + plan.header.bytes) / linkUnitBytes(plan);

/** The list that a block waits in is linked singly. */
function writeQuick(plan: Plan, heap: ReferenceHeap, block: Block, writer: ImageWriter): void {
  const { links } = plan.header;
  if (links.place !== "intrusive") throw new Error("quick lists are linked through their blocks");
  const { next } = heap.links(block);
  writer.link(block.start + links.nextOffset, links.bytes, linkOf(plan, next), "next", block);
}

function writeFree(plan: Plan, heap: ReferenceHeap, block: Block, writer: ImageWriter): void {
  const { links, footerBytes } = plan.header;
  if (links.place === "intrusive") {
    const { next, previous, headLink = 0 } = heap.links(block);
    writer.link(block.start + links.nextOffset, links.bytes, linkOf(plan, next), "next", block);
    if (links.form === "double") {
      const back = previous === undefined ? headLink : linkOf(plan, previous);
      writer.link(block.start + links.previousOffset, links.bytes, back, "previous", block);
    }
  }
  if (footerBytes > 0) {
    const shift = sizeField(plan.header).placement.shift;
    writer.put(
      block.start + block.size - footerBytes,
      footerBytes as UnitBytes,
      (block.size / plan.granuleBytes) * 2 ** shift,
      "footer",
      block,
    );
  }
}

/** The numbers of which the byte at `offset` holds bits. */
export function numbersAt(plan: Plan, heap: ReferenceHeap, offset: number): readonly NumberPlace[] {
  const image = { bytes: new Uint8Array(plan.heapBytes), mask: new Uint8Array(plan.heapBytes) };
  const found: NumberPlace[] = [];
  const isHere = (at: number, bytes: number): boolean => offset >= at && offset < at + bytes;
  const watch = (at: number, bytes: UnitBytes, name: () => string): void => {
    if (isHere(at, bytes)) found.push({ name: name(), offset: at, bytes, mask: 2 ** (8 * bytes) - 1 });
  };
  writeImage(plan, heap, headerImage(plan.header), new ImageWriter(image, 0, watch));
  const owner = [...heap.blocks()].find(({ start }) => isHere(start, plan.header.bytes));
  const start = owner?.start ?? heap.wildernessStart();
  const name = owner === undefined ? "the header after the last block" : described(owner);
  const fields = plan.header.units.flatMap((unit) =>
    unit.fields.map(({ field, shift, bits }): NumberPlace => ({
      name: `${field.name} of ${name}`,
      offset: start + unit.offset,
      bytes: unit.bytes,
      mask: (2 ** bits - 1) * 2 ** shift,
    })),
  );
  return [...found, ...fields.filter((field) => isHere(field.offset, field.bytes))];
}
