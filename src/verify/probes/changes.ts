/** The functions that change a heap, called on both sides with the same arguments. */
import { tagBits } from "../../header/facts.js";
import { calloc as referenceCalloc } from "../../reference/calloc.js";
import type { Plan } from "../../plan/plan.js";
import type { Outcome } from "../../reference/reference-heap.js";
import { describeBool } from "./guest-heap.js";
import type { Change, Draw, Observation } from "./probe.js";
import type { LiveBlock, ProbedHeap } from "./probed-heap.js";

const largestWord = 0xffff_ffff;

const describePayload = (payload: number): string => (payload < 0 ? "NULL" : `offset ${payload}`);

export interface Allocation {
  readonly role: string;
  readonly words: readonly number[];
  readonly call: string;
  /** Bytes asked for. */
  readonly request: number;
  readonly outcome: Pick<Outcome, "payload">;
  /** Bytes that the hook is told where the request fails; those asked for when left out. */
  readonly failedBytes?: number;
  /** Whether all bytes asked for must be 0. */
  readonly zeroed?: boolean;
}

export function* allocate(heap: ProbedHeap, allocation: Allocation): Iterable<Observation> {
  const { guest } = heap;
  const { role, words, call, request, zeroed = false } = allocation;
  const { payload } = allocation.outcome;
  const found = guest.tell(guest.call(role, ...words), guest.describeAddress);
  yield { call, expected: describePayload(payload), found };
  const bytes = allocation.failedBytes ?? request;
  yield* hookCalled(heap, { call, bytes, isServed: payload >= 0 });
  if (payload < 0) return;
  if (zeroed) {
    const isZero = guest.bytes.subarray(payload, payload + request).every((byte) => byte === 0);
    yield { call, expected: "all bytes zero", found: isZero ? "all bytes zero" : "bytes that are not zero" };
  }
  heap.take(payload, request);
}

const changes = (weight: number, change: Change["change"]): Change => ({ kind: "changes", weight, change });

/** What the hook of failed requests must have been told. @param bytes asked for */
export function hookCalled(
  { plan, guest }: ProbedHeap,
  { call, bytes, isServed }: { readonly call: string; readonly bytes: number; readonly isServed: boolean },
): readonly Observation[] {
  if (!plan.api.failureHook) return [];
  const fails = !isServed && (bytes > 0 || plan.zeroSize === "unique");
  const of = (told: string): string => `${plan.name}_failed ${told}`;
  const expected = of(fails ? `called with ${bytes}` : "not called");
  return [{ call, expected, found: of(guest.failureHook) }];
}

/** A call of malloc. */
export const request = (heap: ProbedHeap, bytes: number): Iterable<Observation> =>
  allocate(heap, {
    role: "malloc",
    words: [bytes],
    call: `malloc(${bytes})`,
    request: bytes,
    outcome: heap.reference.malloc(bytes, 0),
  });

const malloc = changes(6, (heap, { size }) => request(heap, size()));

const mallocTagged = changes(4, (heap, { size, random }) => {
  const bytes = size();
  const tag = random.chance(0.2) ? random.below(largestWord) : random.below(8);
  const kept = tag % 2 ** tagBits(heap.plan.header);
  return allocate(heap, {
    role: "malloc_tagged",
    words: [bytes, tag],
    call: `malloc_tagged(${bytes}, ${tag})`,
    request: bytes,
    outcome: heap.reference.malloc(bytes, kept),
  });
});

/**
 * Bytes that a calloc which fails is told to have asked for: SIZE_MAX where its factors are so large that the product is not
 * computed. Of a heap whose requests are so large that 4,095 of them do not fit in 32 bits, the product is looked at by halves.
 */
export function callocBytes(
  { maximumRequestBytes }: Pick<Plan, "maximumRequestBytes">,
  count: number,
  size: number,
): number {
  const [least, most] = [Math.min(count, size), Math.max(count, size)];
  const upper = (bytes: number): number => Math.floor(bytes / 0x1_0000);
  const isSmall = maximumRequestBytes <= largestWord / 4095;
  const isComputed = isSmall
    ? least < 4096
    : least < 8192 && upper(most) * least <= upper(maximumRequestBytes);
  return least === 0 || (isComputed && most <= maximumRequestBytes) ? count * size : largestWord;
}

const calloc = changes(3, (heap, { size, random }) => {
  const bytes = size();
  const count = random.chance(0.1) ? random.below(largestWord) : random.between(0, 5);
  const [first, second] = random.chance(0.5) ? [count, bytes] : [bytes, count];
  const product = Math.min(first * second, largestWord);
  return allocate(heap, {
    role: "calloc",
    words: [first, second],
    call: `calloc(${first}, ${second})`,
    request: product,
    failedBytes: callocBytes(heap.plan, first, second),
    outcome: referenceCalloc(heap.plan, heap.reference, product),
    zeroed: true,
  });
});

const alignedAlloc = changes(3, (heap, { size, random }) => {
  const { plan, reference, guest } = heap;
  const bytes = size();
  const power = 2 ** random.between(0, Math.log2(plan.maximumAlignment) + 1);
  const alignment = random.chance(0.15) ? random.below(100) : power;
  const outcome = reference.alignedAlloc?.(alignment, bytes, guest.address);
  if (outcome === undefined) throw new Error("the policy's reference has no alignedAlloc");
  return allocate(heap, {
    role: "aligned_alloc",
    words: [alignment, bytes],
    call: `aligned_alloc(${alignment}, ${bytes})`,
    request: bytes,
    outcome,
  });
});

/** One of the live blocks, or undefined where there is none. */
export function drawLive(heap: ProbedHeap, { random }: Draw): LiveBlock | undefined {
  return [...heap.live.values()][random.below(Math.max(1, heap.live.size))];
}

export function* freeBlock(heap: ProbedHeap, payload: number): Iterable<Observation> {
  const { guest } = heap;
  heap.live.delete(payload);
  heap.reference.free(payload);
  const address = payload < 0 ? 0 : guest.address + payload;
  yield {
    call: `free(${describePayload(payload)})`,
    expected: "returns",
    found: guest.tell(guest.call("free", address), () => "returns"),
  };
}

const free = changes(12, (heap, draw) =>
  freeBlock(heap, draw.random.chance(0.04) ? -1 : (drawLive(heap, draw)?.payload ?? -1)),
);

const realloc = changes(4, function* (heap, draw): Iterable<Observation> {
  const { guest, reference, plan, live } = heap;
  const block = draw.random.chance(0.1) ? undefined : drawLive(heap, draw);
  const size = draw.size();
  const payload = block?.payload ?? -1;
  const outcome = reference.realloc?.(payload, size, guest.address);
  if (outcome === undefined) throw new Error("the policy's reference has no realloc");
  const call = `realloc(${describePayload(payload)}, ${size})`;
  const address = payload < 0 ? 0 : guest.address + payload;
  const found = guest.tell(guest.call("realloc", address, size), guest.describeAddress);
  yield { call, expected: describePayload(outcome.payload), found };
  const isFreed = size === 0 && plan.zeroSize === "null";
  yield* hookCalled(heap, { call, bytes: size, isServed: outcome.payload >= 0 });
  if (block !== undefined && (outcome.payload >= 0 || isFreed)) live.delete(payload);
  if (outcome.payload < 0) return;
  if (block !== undefined) {
    yield* alignmentKept(plan, call, [guest.address + payload, guest.address + outcome.payload]);
    const kept = Math.min(block.request, size);
    const expected = `the first ${kept} bytes are kept`;
    yield {
      call,
      expected,
      found: heap.holds(block, outcome.payload, kept) ? expected : "they are not",
    };
  }
  heap.take(outcome.payload, size);
});

/** Of a block that moved: asked of its addresses, not of the reference. */
function* alignmentKept(
  { realloc: { keepAlignment } }: Plan,
  call: string,
  [from, to]: readonly [number, number],
): Iterable<Observation> {
  if (keepAlignment === undefined) return;
  let lost: number | undefined;
  for (let power = 2; power <= keepAlignment; power *= 2)
    if (from % power === 0 && to % power !== 0) lost ??= power;
  const expected = "an address with the alignment of the one before";
  yield { call, expected, found: lost === undefined ? expected : `no multiple of ${lost}` };
}

/** Memory that init must refuse, where it is handed its memory. */
function refusedMemory({ guest, plan }: ProbedHeap): readonly (readonly [string, number, number])[] {
  const { address } = guest;
  const { heapBytes, heapAlignment, upTo } = plan;
  return [
    ["NULL", 0, heapBytes],
    ["misaligned memory", address + heapAlignment / 2, heapBytes],
    ["too few bytes", address, (upTo?.leastBytes ?? heapBytes) - 1],
    ["no bytes", address, 0],
  ];
}

const init = changes(0, function* (heap): Iterable<Observation> {
  const { guest, plan } = heap;
  const { placement } = plan;
  const isMany = placement.kind === "runtime" && placement.instances === "many";
  const describe = isMany ? guest.describeAddress : describeBool;
  if (placement.kind === "runtime") {
    for (const [what, memory, bytes] of refusedMemory(heap)) {
      const before = guest.caller.save();
      const found = guest.tell(guest.call("init", memory, bytes), describe);
      yield { call: `init(${what})`, expected: isMany ? "NULL" : "false", found };
      yield { call: `init(${what})`, expected: "no effect", found: guest.changeSince(before) };
    }
  }
  const words = placement.kind === "runtime" ? [guest.address, plan.heapBytes] : [];
  const expected = placement.kind === "static" ? "returns" : isMany ? "offset 0" : "true";
  const told = placement.kind === "static" ? () => "returns" : describe;
  yield { call: "init", expected, found: guest.tell(guest.call("init", ...words), told) };
  heap.begin();
});

/** A mark, some blocks, and all of them given back at once. */
const mark = changes(2, function* (heap, draw): Iterable<Observation> {
  const { guest, reference } = heap;
  const older = new Set(heap.live.keys());
  const told = guest.call("mark");
  yield { call: "mark", expected: "returns", found: guest.tell(told, () => "returns") };
  const kept = reference.mark?.();
  if (kept === undefined || told.kind !== "returned") throw new Error("the policy's reference has no marks");
  for (let left = draw.random.below(4); left > 0; left--) yield* malloc.change(heap, draw);
  const newer = [...heap.live.keys()].filter((payload) => !older.has(payload));
  const freed = newer.at(draw.random.chance(0.5) ? -1 : 0);
  if (freed !== undefined && draw.random.chance(0.5)) yield* freeBlock(heap, freed);
  reference.releaseTo?.(kept);
  for (const payload of newer) heap.live.delete(payload);
  const call = "release(of that mark)";
  yield {
    call,
    expected: "returns",
    found: guest.tell(guest.call("release", told.result), () => "returns"),
  };
  yield* heap.state(call);
});

/** Called with a mark of its own each time: `mark` does. */
const release: Change = { ...mark, weight: 0 };

/** The most bytes in use are those since now. */
const resetPeak = changes(1, function* (heap): Iterable<Observation> {
  heap.reference.usage?.resetPeak();
  const call = "reset_peak";
  const found = heap.guest.tell(heap.guest.call(call), () => "returns");
  yield { call, expected: "returns", found };
  // The next block in use may hide what the peak was.
  yield* heap.state(call);
});

/** By their names in C, without the heap's. */
export const changeProbes = {
  init,
  malloc,
  malloc_tagged: mallocTagged,
  free,
  calloc,
  realloc,
  aligned_alloc: alignedAlloc,
  mark,
  release,
  reset_peak: resetPeak,
} as const satisfies Readonly<Record<string, Change>>;
