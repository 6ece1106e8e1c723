/** Misuses of a heap in some state, each a few calls or writes. */
import type { Block } from "../../reference/block.js";
import type { Random } from "../../traces/random.js";
import type { ProbedHeap } from "../probes/probed-heap.js";
import { flip, flipsInFreeBlock } from "./flips.js";
import type { MisuseKind } from "./injection.js";
import { any, payloadOf, type Misuse } from "./misuse.js";
import { passing, type Program } from "./program.js";

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

/** How a pointer is passed that must not be: by any function that takes one. */
function drawPassing({ plan, guest }: ProbedHeap, random: Random, isImitated = false) {
  const those = passing.filter((each) => guest.has(each));
  const through = those.length === 1 ? "free" : (any(those, random) ?? "free");
  const bytes = through === "realloc" ? 1 + random.below(Math.ceil(plan.maximumRequestBytes / 4)) : 0;
  return {
    call: (payload: number): string => `${through}(offset ${payload})`,
    commit: (program: Program, payload: number): void => {
      program.pass(through, payload, bytes, isImitated);
    },
  };
}

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
  const passed = drawPassing(heap, random);
  return {
    what: `${passed.call(payload)} of a freed block, ${before.length} neighbours freed before and ${rest.length} in between`,
    commit: (program) => {
      for (const each of [...before, payload, ...rest]) program.free(each);
      passed.commit(program, payload);
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
  const passed = drawPassing(heap, random);
  return {
    what: `${passed.call(payload)} of a freed block, ${bytes} bytes handed out in between where it was`,
    commit: (program) => {
      program.free(left);
      program.free(payload);
      const served = program.malloc(bytes);
      // Where it begins at the same address, the second free is a free of the new block.
      if (served !== payload) passed.commit(program, payload);
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
  const passed = drawPassing(heap, random);
  return {
    what: `${passed.call(offset)}, which is no block's`,
    commit: (program) => {
      passed.commit(program, offset);
    },
  };
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
  const passed = drawPassing(heap, random, contentsOf === imitatedContents);
  return {
    what: `${passed.call(offset)}, inside the block of ${request} bytes at ${payload}`,
    commit: (program) => {
      program.write(payload, contents);
      passed.commit(program, offset);
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

const used = (heap: ProbedHeap): readonly Block[] =>
  heap.blocks().filter((block) => !block.free && heap.live.has(payloadOf(heap, block)));
