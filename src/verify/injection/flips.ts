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

/** A bit of each byte of a free block's metadata, each met by each call that follows it, and by none. */
export function flipsInFreeBlock(heap: ProbedHeap, random: Random): readonly Misuse[] {
  const block = any(freeBlocks(heap), random);
  if (block === undefined) return [];
  const { start, size } = block;
  const bytes = metadataBytes(heap).filter(({ offset }) => offset >= start && offset < start + size);
  return bytes.flatMap((place) =>
    [...meetings(heap, block), undefined].map((meets) => flipOf(heap, place, random, meets)),
  );
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
