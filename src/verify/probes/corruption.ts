/** Damaged headers, handed to free and realloc: each must be noticed, and the heap left as it was. */
import {
  isLabelled,
  isSealed,
  sizeField,
  tellsWaiting,
  usedField,
  verifiedBits,
} from "../../header/facts.js";
import { headerImage } from "../../header/image.js";
import type { HeaderLayout } from "../../header/layout.js";
import { metadataImage } from "../../reference/image.js";
import type { Block } from "../../reference/block.js";
import type { Plan } from "../../plan/plan.js";
import type { Image } from "../../toolchain/image.js";
import type { Observation } from "./probe.js";
import type { ProbedHeap } from "./probed-heap.js";

/** Where C that is built for it counts damage, and keeps the pointer that it was handed. */
const countName = (plan: Plan): string => `${plan.name}_damage_noticed`;
const pointerName = (plan: Plan): string => `${plan.name}_damaged_pointer`;

/** Lines in front of the heap's C: the hook returns, so that what is done after it is seen too. */
export function corruptionHook(plan: Plan): string {
  const [count, pointer] = [countName(plan), pointerName(plan)];
  return [
    `extern volatile unsigned long ${count};`,
    `extern const void *volatile ${pointer};`,
    `volatile unsigned long ${count};`,
    `const void *volatile ${pointer};`,
    `#define ${plan.name.toUpperCase()}_CORRUPT(given) (${pointer} = (given), ${count} += 1U)`,
    "",
  ].join("\n");
}

/** Writes the header of a free block, sealed, with a size that may be of no block. */
function plantHeader(header: HeaderLayout, at: Uint8Array, start: number, size: number): void {
  const facts = {
    start,
    granules: size >> 3,
    free: true,
    waits: false,
    requestBytes: 0,
    tag: 0,
    left: undefined,
  };
  const view = new DataView(at.buffer, at.byteOffset, header.bytes);
  at.fill(0, 0, header.bytes);
  for (const { offset, bytes, valueOf } of headerImage(header).freeBlock) {
    const value = valueOf(facts) >>> 0;
    for (let byte = 0; byte < bytes; byte++) {
      const own = view.getUint8(offset + byte);
      view.setUint8(offset + byte, own | ((value >>> (8 * byte)) & 0xff));
    }
  }
  const { unit } = sizeField(header);
  view.setUint8(unit.offset, view.getUint8(unit.offset) | (size & 4));
}

/** Blocks of each surrounding that are damaged. */
const blocksOfEach = 2;

export class CorruptionProbe {
  readonly #count: Uint8Array;
  readonly #pointer: Uint8Array;

  constructor(
    private readonly heap: ProbedHeap,
    image: Image,
  ) {
    const word = (name: string): Uint8Array => {
      const symbol = image.symbols.get(name);
      if (symbol === undefined) throw new Error(`the linked image has no symbol ${name}`);
      return heap.guest.caller.memory(symbol.address, 4);
    };
    this.#count = word(countName(heap.plan));
    this.#pointer = word(pointerName(heap.plan));
  }

  /** Damage around live blocks of every surrounding; the heap is mended each time. */
  *damage(): Iterable<readonly [string, Observation]> {
    this.#clearFree();
    yield ["free", { call: "calls so far", expected: "no damage", found: this.#noticed() }];
    const calls = ["free", ...(this.heap.guest.has("realloc") ? ["realloc"] : [])];
    for (const block of this.#chosen()) {
      for (const role of calls) {
        for (const { what, bit } of this.#bitsAround(block, role)) {
          yield* this.#call(role, block, what, bit);
        }
      }
      yield* this.#misplaced(block);
    }
  }

  /**
   * A footer that leads between two granules, where the caller's bytes look like a sound header of that size: no block
   * begins there.
   */
  *#misplaced(block: Block): Iterable<readonly [string, Observation]> {
    const { plan, guest } = this.heap;
    const { header, granuleBytes } = plan;
    const blocks = this.heap.blocks();
    const left = blocks[blocks.findIndex(({ start }) => start === block.start) - 1];
    const half = granuleBytes / 2;
    if (left?.free !== true || header.footerBytes === 0 || !isSealed(header)) return;
    // What waits in a quick list is not merged, so no footer is read.
    if (tellsWaiting(header) || plan.coalescing === "none") return;
    if (granuleBytes !== 8 || left.size < 2 * granuleBytes + header.bytes) return;
    const size = left.size - half;
    const kept = Buffer.from(guest.bytes.subarray(left.start, block.start));
    plantHeader(header, guest.bytes.subarray(left.start + half), left.start + half, size);
    const footer = new DataView(
      guest.bytes.buffer,
      guest.bytes.byteOffset + block.start - header.footerBytes,
    );
    if (header.footerBytes === 2) footer.setUint16(0, size, true);
    else footer.setUint32(0, size, true);
    const what = `a footer before it that says ${size}, and a header there`;
    yield* this.#call("free", block, what, undefined);
    guest.bytes.set(kept, left.start);
  }

  /** A block that is free already: where it is still one, its header says so. */
  *freedAgain(): Iterable<readonly [string, Observation]> {
    const { heap } = this;
    if (!isSealed(heap.plan.header)) return;
    for (const block of heap.blocks()) {
      if (block.free || block.quick) yield* this.#call("free", block, "which is free", undefined);
    }
  }

  /** A header of a block that was merged may look sound where a damaged size leads to it: bytes that nobody owns are zeros. */
  #clearFree(): void {
    const { plan, reference, guest } = this.heap;
    const { mask } = metadataImage(plan, reference);
    for (const { start, size, free } of reference.blocks()) {
      for (let at = start; free && at < start + size; at++) if (mask[at] === 0) guest.bytes[at] = 0;
    }
  }

  /** Live blocks: some of each kind of neighbours. */
  #chosen(): readonly Block[] {
    const blocks = this.heap.blocks();
    const kind = (block: Block | undefined): string =>
      block === undefined ? "none" : block.free ? "free" : block.quick ? "waiting" : "used";
    const seen = new Map<string, number>();
    return blocks.filter((block, index) => {
      const surrounding = `${kind(blocks[index - 1])} ${kind(blocks[index + 1])}`;
      const count = seen.get(surrounding) ?? 0;
      if (kind(block) !== "used" || count === blocksOfEach) return false;
      seen.set(surrounding, count + 1);
      return true;
    });
  }

  /** Bits that a call must find wrong: 8 times the offset in the heap, plus the bit of the byte. */
  #bitsAround(block: Block, role: string): readonly { readonly what: string; readonly bit: number }[] {
    const { plan, reference } = this.heap;
    const { header } = plan;
    const of = (what: string, bits: readonly number[]) => bits.map((bit) => ({ what, bit }));
    const own = of(
      "its header",
      verifiedBits(header).map((bit) => 8 * block.start + bit),
    );
    // What waits in a quick list is not merged, so nothing beside it is read.
    const isAlone =
      !isSealed(header) || tellsWaiting(header) || (role === "free" && plan.coalescing === "none");
    if (isAlone) return own;
    const { mask } = metadataImage(plan, reference);
    const flag = usedField(header);
    // The checksum of labels too is another one: where there are labels, that flag may flip unnoticed.
    const unsure =
      flag === undefined || !isLabelled(header) ? -1 : 8 * flag.unit.offset + flag.placement.shift;
    const owed = (what: string, from: number, bytes: number) =>
      of(
        what,
        Array.from({ length: 8 * bytes }, (_, index) => index)
          .filter((index) => index !== unsure)
          .map((index) => 8 * from + index)
          .filter((bit) => (((mask[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1),
      );
    const blocks = this.heap.blocks();
    const index = blocks.findIndex(({ start }) => start === block.start);
    const [left, right, behind] = [blocks[index - 1], blocks[index + 1], blocks[index + 2]];
    const { boundaryTag, footerBytes } = header;
    const isFreeLeft = boundaryTag !== "none" && left?.free === true;
    // It is told its new left neighbour, at the latest where a resized block ends.
    const isTold = boundaryTag !== "none" && right?.free === true && this.heap.guest.has("realloc");
    return [
      ...own,
      ...(isTold && behind !== undefined ? owed("the header behind it", behind.start, header.bytes) : []),
      ...(right === undefined ? [] : owed("its right neighbour's header", right.start, header.bytes)),
      ...(isFreeLeft ? owed("its left neighbour's header", left.start, header.bytes) : []),
      ...(isFreeLeft ? owed("its left neighbour's footer", block.start - footerBytes, footerBytes) : []),
    ];
  }

  *#call(
    role: string,
    block: Block,
    what: string,
    bit: number | undefined,
  ): Iterable<readonly [string, Observation]> {
    const { guest, plan } = this.heap;
    const payload = block.start + plan.header.bytes;
    const flip = (): void => {
      if (bit === undefined) return;
      guest.bytes[bit >> 3] = (guest.bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    };
    flip();
    const before = Buffer.from(guest.bytes);
    const grown = Math.min(plan.maximumRequestBytes, 2 * block.size);
    const address = guest.address + payload;
    this.#count.fill(0);
    const words = role === "realloc" ? [address, grown] : [address];
    const told = guest.tell(guest.call(role, ...words), (result) =>
      role === "realloc" && result !== 0 ? guest.describeAddress(result) : this.#noticed(),
    );
    const place = bit === undefined ? what : `bit ${bit & 7} at offset ${bit >> 3} of ${what} flipped`;
    const call = `${role}(offset ${payload}), ${place}`;
    const handed = new DataView(this.#pointer.buffer, this.#pointer.byteOffset).getUint32(0, true);
    const isSame = before.equals(guest.bytes);
    yield [role, { call, expected: "damage noticed once", found: told }];
    yield [role, { call, expected: `offset ${payload}`, found: guest.describeAddress(handed) }];
    yield [role, { call, expected: "no effect", found: isSame ? "no effect" : "the heap is changed" }];
    this.#count.fill(0);
    flip();
  }

  #noticed(): string {
    const count = new DataView(this.#count.buffer, this.#count.byteOffset).getUint32(0, true);
    return count === 0 ? "no damage" : count === 1 ? "damage noticed once" : `damage noticed ${count} times`;
  }
}
