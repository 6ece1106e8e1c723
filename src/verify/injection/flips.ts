/** Damage of one bit of a heap's metadata, and the calls that meet it. */
import type { Block } from "../../reference/block.js";
import { metadataImage } from "../../reference/image.js";
import type { Random } from "../../traces/random.js";
import type { ProbedHeap } from "../probes/probed-heap.js";
import type { MisuseKind } from "./injection.js";
import { any, payloadOf, type Misuse } from "./misuse.js";

/** One bit of the metadata outside free blocks. */
export function flip(kind: MisuseKind, heap: ProbedHeap, random: Random): Misuse | undefined {
  const { plan } = heap;
  const free = freeBlocks(heap);
  const isControl = kind === "flip in the control data";
  const places = metadataBytes(heap).filter(
    ({ offset }) =>
      offset < plan.controlBytes === isControl &&
      !free.some(({ start, size }) => offset >= start && offset < start + size),
  );
  const chosen = any(places, random);
  return chosen === undefined ? undefined : flipOf(heap, chosen, random, undefined);
}

/** A bit of each byte of a free block's metadata, each met by each call that follows it, and by none: one that can be seen. */
export function flipsInFreeBlock(heap: ProbedHeap, random: Random): readonly Misuse[] {
  const block = any(freeBlocks(heap), random);
  if (block === undefined) return [];
  const { start, size } = block;
  const bytes = metadataBytes(heap).filter(({ offset }) => offset >= start && offset < start + size);
  return bytes
    .map((place) => ({ ...place, mask: place.mask & ~unseenBits(heap, block, place.offset) }))
    .filter(({ mask }) => mask !== 0)
    .flatMap((place) =>
      [...meetings(heap, block), undefined].map((meets) => flipOf(heap, place, random, meets)),
    );
}

/**
 * Bits of a byte of a link that, flipped, make it lead to where a link to the block stood once and still is: a link back as
 * it must be, so no look at both ends tells them.
 */
function unseenBits({ plan, guest }: ProbedHeap, { start }: Block, offset: number): number {
  const { links, bytes: headerBytes } = plan.header;
  if (links.place !== "intrusive" || links.form !== "double") return 0;
  const { nextOffset, previousOffset, bytes, unitBytes } = links;
  const memory = Buffer.from(guest.bytes.buffer, guest.bytes.byteOffset, guest.bytes.byteLength);
  const payload = start + headerBytes;
  const leadsBack = (link: number, backOffset: number): boolean => {
    const place = link * unitBytes - headerBytes + backOffset;
    return (
      place >= 0 && place + bytes <= memory.length && memory.readUIntLE(place, bytes) * unitBytes === payload
    );
  };
  for (const [own, back] of [
    [start + nextOffset, previousOffset],
    [start + previousOffset, nextOffset],
  ] as const) {
    const index = offset - own;
    if (index < 0 || index >= bytes) continue;
    const link = memory.readUIntLE(own, bytes);
    return [0, 1, 2, 3, 4, 5, 6, 7]
      .filter((bit) => leadsBack((link ^ (1 << (8 * index + bit))) >>> 0, back))
      .reduce((mask, bit) => mask | (1 << bit), 0);
  }
  return 0;
}

interface MetadataByte {
  readonly offset: number;
  /** Bits that are metadata, not all 0. */
  readonly mask: number;
}

function metadataBytes({ plan, reference }: ProbedHeap): readonly MetadataByte[] {
  const { mask } = metadataImage(plan, reference);
  return [...mask.keys()].flatMap((offset) => {
    const bits = mask[offset] ?? 0;
    return bits === 0 ? [] : [{ offset, mask: bits }];
  });
}

function flipOf(
  { guest }: ProbedHeap,
  { offset, mask }: MetadataByte,
  random: Random,
  meets: Misuse | undefined,
): Misuse {
  const bit =
    any(
      [0, 1, 2, 3, 4, 5, 6, 7].filter((each) => ((mask >> each) & 1) === 1),
      random,
    ) ?? 0;
  const flipped = Uint8Array.of((guest.bytes[offset] ?? 0) ^ (1 << bit));
  const what = `bit ${bit} at offset ${offset} flipped`;
  return {
    what: meets === undefined ? what : `${what}, then ${meets.what}`,
    commit: (program) => {
      program.write(offset, flipped);
      meets?.commit(program);
    },
  };
}

/** Calls that follow what a free block says of itself. */
function meetings(heap: ProbedHeap, { left, right, start, size }: Block): readonly Misuse[] {
  const frees = [left, right].flatMap((each): readonly Misuse[] => {
    if (each === undefined || !heap.live.has(payloadOf(heap, each))) return [];
    const payload = payloadOf(heap, each);
    const freed: Misuse = {
      what: `free(offset ${payload}) beside it`,
      commit: (program) => {
        program.freeBesideDamage(payload);
      },
    };
    // What is larger is refused before anything is looked at.
    const wanted = Math.min(size, heap.plan.maximumRequestBytes);
    const resized: Misuse = {
      what: `realloc(offset ${payload}, ${wanted}) beside it`,
      commit: (program) => {
        program.reallocBesideDamage(payload, wanted);
      },
    };
    return heap.guest.has("realloc") ? [freed, resized] : [freed];
  });
  const bytes = size - heap.plan.header.bytes;
  const request: Misuse = {
    what: `malloc(${bytes}), which it holds`,
    commit: (program) => {
      program.mallocFromDamage(bytes, start, start + size);
    },
  };
  return [...frees, request];
}

const freeBlocks = (heap: ProbedHeap): readonly Block[] => heap.blocks().filter(({ free }) => free);
