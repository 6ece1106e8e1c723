/** Misuses of a heap in some state, each a few calls or writes. */
import type { Block } from "../../reference/block.js";
import { metadataImage } from "../../reference/image.js";
import type { Random } from "../../traces/random.js";
import type { ProbedHeap } from "../probes/probed-heap.js";
import type { MisuseKind } from "./injection.js";
import type { Program } from "./program.js";

export interface Misuse {
  /** For people. */
  readonly what: string;
  commit(program: Program): void;
}

/** One misuse of a kind; undefined where the state has no place for it. */
export function drawMisuse(kind: MisuseKind, heap: ProbedHeap, random: Random): Misuse | undefined {
  switch (kind) {
    case "double free":
      return doubleFree(heap, random);
    case "double free, memory reused":
      return reusedFree(heap, random);
    case "foreign pointer":
      return foreignPointer(heap, random);
    case "interior pointer":
      return interiorPointer(heap, random, plainContents);
    case "interior pointer, imitated header":
      return interiorPointer(heap, random, imitatedContents);
    case "overflow":
      return strayWrite(heap, random, "behind");
    case "underflow":
      return strayWrite(heap, random, "before");
    case "write after free":
      return writeAfterFree(heap, random);
    case "flip in a free block":
      return any(flipsInFreeBlock(heap, random), random);
    case "flip in a header":
    case "flip in the control data":
      return flip(kind, heap, random);
  }
}

const any = <T>(list: readonly T[], random: Random): T | undefined =>
  list[random.below(Math.max(1, list.length))];

const payloadOf = ({ plan }: ProbedHeap, { start }: Block): number => start + plan.header.bytes;

/** Freed twice: at once, or with neighbours freed before, in between, or both. */
function doubleFree(heap: ProbedHeap, random: Random): Misuse | undefined {
  const block = any(used(heap), random);
  if (block === undefined) return undefined;
  const payload = payloadOf(heap, block);
  const beside = [block.left, block.right].flatMap((each) =>
    each === undefined || each.free || !heap.live.has(payloadOf(heap, each)) ? [] : [payloadOf(heap, each)],
  );
  const [before, between] = [
    beside.filter(() => random.chance(0.4)),
    beside.filter(() => random.chance(0.4)),
  ];
  const rest = between.filter((each) => !before.includes(each));
  return {
    what: `free(offset ${payload}) twice, ${before.length} neighbours freed before and ${rest.length} in between`,
    commit: (program) => {
      for (const each of [...before, payload, ...rest, payload]) program.free(each);
    },
  };
}

/** Freed twice, its memory handed out in between as part of another block. */
function reusedFree(heap: ProbedHeap, random: Random): Misuse | undefined {
  const block = any(
    used(heap).filter(({ left }) => left !== undefined && !left.free && heap.live.has(payloadOf(heap, left))),
    random,
  );
  if (block?.left === undefined) return undefined;
  const [left, payload] = [payloadOf(heap, block.left), payloadOf(heap, block)];
  const bytes = block.left.size + block.size - heap.plan.header.bytes;
  return {
    what: `free(offset ${payload}) twice, ${bytes} bytes handed out in between where it was`,
    commit: (program) => {
      program.free(left);
      program.free(payload);
      const served = program.malloc(bytes);
      // Where it begins at the same address, the second free is a free of the new block.
      if (served !== payload) program.free(payload);
    },
  };
}

function foreignPointer(heap: ProbedHeap, random: Random): Misuse {
  const { plan, guest } = heap;
  const { caller } = guest;
  const [scratch, stack] = [caller.scratch.address, caller.stack.address];
  const outside = [4, 0xfffffff8, scratch, scratch + 4, stack + 16].map(
    (address) => (address - guest.address) | 0,
  );
  const odd = [...heap.live.keys()]
    .slice(0, 4)
    .flatMap((payload) => [payload + 1, payload + 2, payload + plan.alignment / 2]);
  const edges = [
    0,
    plan.alignment,
    plan.firstBlock,
    plan.heapBytes,
    plan.heapBytes + plan.alignment,
    0 - plan.alignment,
  ];
  const offset =
    any(
      [...outside, ...odd, ...edges].filter((each) => !heap.live.has(each)),
      random,
    ) ?? 0;
  return { what: `free(offset ${offset}), which is no block's`, commit: (program) => program.free(offset) };
}

type Contents = (bytes: number, random: Random, plan: ProbedHeap["plan"]) => Uint8Array;

const plainContents: Contents = (bytes, random) => {
  const fill = random.below(4);
  const text = "The quick brown fox jumps over the lazy dog. ";
  return Uint8Array.from({ length: bytes }, (_, at) =>
    fill === 0 ? 0 : fill === 1 ? 0xff : fill === 2 ? text.charCodeAt(at % text.length) : random.below(256),
  );
};

/** Halfwords that may be headers of small blocks in use. */
const imitatedContents: Contents = (bytes, random, { granuleBytes }) =>
  Uint8Array.from({ length: bytes }, (_, at) =>
    at % 2 === 0 ? (granuleBytes * (1 + random.below(8)) + 1) & 0xff : 0,
  );

function interiorPointer(heap: ProbedHeap, random: Random, contentsOf: Contents): Misuse | undefined {
  const { plan } = heap;
  const block = any(
    [...heap.live.values()].filter(({ request }) => request > plan.alignment),
    random,
  );
  if (block === undefined) return undefined;
  const { payload, request } = block;
  const steps = Math.floor((request - 1) / plan.alignment);
  const offset = payload + plan.alignment * (1 + random.below(steps));
  const contents = contentsOf(request, random, plan);
  return {
    what: `free(offset ${offset}), inside the block of ${request} bytes at ${payload}`,
    commit: (program) => {
      program.write(payload, contents);
      program.free(offset);
    },
  };
}

/** 1 to 64 bytes before or behind what was asked for, then perhaps a free of the block. */
function strayWrite(heap: ProbedHeap, random: Random, where: "before" | "behind"): Misuse | undefined {
  const { plan } = heap;
  const block = any([...heap.live.values()], random);
  if (block === undefined) return undefined;
  const { payload, request } = block;
  const wanted = random.chance(0.5) ? 1 + random.below(4) : 1 + random.below(64);
  const first = where === "behind" ? payload + request : Math.max(plan.firstBlock, payload - wanted);
  const end = where === "behind" ? Math.min(plan.heapBytes, first + wanted) : payload;
  const contents = plainContents(end - first, random, plan);
  const freed = random.chance(0.6);
  return {
    what: `${end - first} bytes written ${where} the block of ${request} bytes at ${payload}${freed ? ", then free of it" : ""}`,
    commit: (program) => {
      program.write(first, contents);
      if (freed) program.free(payload);
    },
  };
}

/** At any byte of a block that was freed, or of those that were free already. */
function writeAfterFree(heap: ProbedHeap, random: Random): Misuse | undefined {
  const { plan } = heap;
  const block = any(heap.blocks(), random);
  if (block === undefined) return undefined;
  const payload = payloadOf(heap, block);
  const most = block.size - plan.header.bytes;
  const at = random.below(random.chance(0.6) ? Math.min(8, most) : most);
  const bytes = Math.min(most - at, 1 + random.below(4));
  const contents = plainContents(bytes, random, plan);
  return {
    what: `${bytes} bytes written at ${at} of the ${block.free ? "free" : "freed"} block at ${payload}`,
    commit: (program) => {
      if (!block.free && heap.live.has(payload)) program.free(payload);
      program.write(payload + at, contents);
    },
  };
}

/** One bit of the metadata outside free blocks. */
function flip(kind: MisuseKind, heap: ProbedHeap, random: Random): Misuse | undefined {
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
    const what = `free(offset ${payload}) beside it`;
    return [
      {
        what,
        commit: (program) => {
          program.freeBesideDamage(payload);
        },
      },
    ];
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

const used = (heap: ProbedHeap): readonly Block[] =>
  heap.blocks().filter((block) => !block.free && heap.live.has(payloadOf(heap, block)));
