/** Arguments that a function must refuse, or take as the small numbers they are: those that random calls do not have. */
import { calloc as referenceCalloc } from "../../reference/calloc.js";
import { allocate, callocBytes, freeBlock, hookCalled } from "./changes.js";
import type { Observation } from "./probe.js";
import type { ProbedHeap } from "./probed-heap.js";

const wordEnd = 2 ** 32;

/** Bytes of the largest block that is cleared: the core takes seconds for more. */
const mostCleared = 2 ** 20;

/** An observation, and the function that it is of. */
type OfFunction = readonly [role: string, observation: Observation];

/** On a heap in which nothing else is allocated; each block that is served is given back. */
export function* refusedCalls(heap: ProbedHeap): Iterable<OfFunction> {
  if (heap.guest.has("calloc")) {
    const { maximumRequestBytes: most } = heap.plan;
    for (const [count, size] of callocPairs(most)) {
      const isLong = count * size > mostCleared && count * size <= most;
      if (!isLong) yield* calloc(heap, count, size);
    }
    for (const observation of heap.state("calloc")) yield ["calloc", observation];
  }
  if (heap.guest.has("realloc")) {
    for (const size of [heap.plan.maximumRequestBytes + 1, wordEnd - 1]) yield* tooLargeRealloc(heap, size);
    for (const observation of heap.state("realloc")) yield ["realloc", observation];
  }
  if (heap.guest.has("aligned_alloc")) {
    for (const alignment of hugeAlignments) yield* alignedAlloc(heap, alignment);
    for (const observation of heap.state("aligned_alloc")) yield ["aligned_alloc", observation];
  }
}

/**
 * Counts and sizes in both orders: small ones, those about which a test of the product is made, and of each count those
 * whose product is just above 2^32, so that what is left of it in a word is small.
 */
export function callocPairs(most: number): readonly (readonly [number, number])[] {
  const small = [0, 1, 2, 3, 7];
  const edges = [255, 256, 4095, 4096, 4097, 65535, 65536, 65537, most, most + 1];
  const huge = [wordEnd / 4, wordEnd / 2 - 1, wordEnd / 2, wordEnd / 2 + 1, wordEnd - 2, wordEnd - 1];
  const factors = [...small, ...edges, ...huge];
  const pairs = factors.flatMap((count) => factors.map((size) => [count, size] as const));
  const counts = [...factors, 5, 6, 9, 10, 12, 16, 24, 1000].filter((count) => count > 1);
  const wrapping = counts.flatMap((count) => {
    const size = Math.ceil(wordEnd / count);
    return [size, size + 1].flatMap((each) =>
      each < wordEnd
        ? ([
            [count, each],
            [each, count],
          ] as const)
        : [],
    );
  });
  const seen = new Map([...pairs, ...wrapping].map((pair) => [pair.join(), pair]));
  return [...seen.values()];
}

function* calloc(heap: ProbedHeap, count: number, size: number): Iterable<OfFunction> {
  const request = Math.min(count * size, wordEnd - 1);
  const outcome = referenceCalloc(heap.plan, heap.reference, request);
  const call = `calloc(${count}, ${size})`;
  const words = [count, size];
  const failedBytes = callocBytes(heap.plan, count, size);
  const allocation = { role: "calloc", words, call, request, failedBytes, outcome, zeroed: true };
  for (const observation of allocate(heap, allocation)) yield ["calloc", observation];
  yield* giveBack(heap, outcome.payload);
}

/** A block that is asked to be larger than any: it stays. */
function* tooLargeRealloc(heap: ProbedHeap, size: number): Iterable<OfFunction> {
  const { reference, guest } = heap;
  const { payload } = reference.malloc(1, 0);
  const allocation = { role: "malloc", words: [1], call: "malloc(1)", request: 1, outcome: { payload } };
  for (const observation of allocate(heap, allocation)) yield ["malloc", observation];
  const call = `realloc(offset ${payload}, ${size})`;
  const resized = reference.realloc?.(payload, size, guest.address).payload ?? -1;
  const address = guest.address + payload;
  const found = guest.tell(guest.call("realloc", address, size), guest.describeAddress);
  yield ["realloc", { call, expected: resized < 0 ? "NULL" : `offset ${resized}`, found }];
  for (const observation of hookCalled(heap, { call, bytes: size, isServed: resized >= 0 }))
    yield ["realloc", observation];
  yield* giveBack(heap, payload);
}

/** The first that fits no heap, and those whose arithmetic overflows. */
const hugeAlignments = [
  ...Array.from({ length: 5 }, (_, more) => 2 ** (27 + more)),
  2 ** 31 + 2 ** 30,
  2 ** 31 + 8,
  wordEnd - 8,
  wordEnd - 1,
];

function* alignedAlloc(heap: ProbedHeap, alignment: number): Iterable<OfFunction> {
  const { plan, reference, guest } = heap;
  for (const request of [0, 1, 24, plan.maximumRequestBytes]) {
    const outcome = reference.alignedAlloc?.(alignment, request, guest.address);
    if (outcome === undefined) throw new Error("the policy's reference has no alignedAlloc");
    const call = `aligned_alloc(${alignment}, ${request})`;
    const words = [alignment, request];
    for (const observation of allocate(heap, { role: "aligned_alloc", words, call, request, outcome }))
      yield ["aligned_alloc", observation];
    yield* giveBack(heap, outcome.payload);
  }
}

function* giveBack(heap: ProbedHeap, payload: number): Iterable<OfFunction> {
  if (payload < 0) return;
  for (const observation of freeBlock(heap, payload)) yield ["free", observation];
}
