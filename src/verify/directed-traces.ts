/**
 * Operations that random ones hardly ever are: every size that a block can have, the largest request of each function on
 * an empty heap, and arguments that each function must refuse. They are few, and the reference says what each returns.
 */
import { overheadBytes, type Plan } from "../plan/plan.js";
import type { Trace, TraceOperation } from "../traces/operation.js";
import { keptAlignments, reallocs } from "./directed-reallocs.js";
import { around, mostMoved, refusedSizes, Script, servedSizes, unique, wordEnd } from "./directed-script.js";

export interface DirectedTrace {
  readonly trace: Trace;
  /** Operations between two comparisons of the metadata. */
  readonly interval: number;
  /** Whether payloads are filled and checked: of many large ones that would take longer than all else. */
  readonly checkPayloads: boolean;
}

/** @param seed chooses which sizes are left out where there are too many */
export function directedTraces(plan: Plan, seed: number): readonly DirectedTrace[] {
  const { api } = plan;
  const edges = [
    trace("directed malloc", mallocs(plan)),
    ...(api.calloc ? [trace("directed calloc", callocs(plan))] : []),
    ...(api.realloc ? [trace("directed realloc", reallocs(plan))] : []),
    ...(api.alignedAlloc ? [trace("directed aligned_alloc", alignedAllocs(plan))] : []),
    ...(plan.realloc.keepAlignment === undefined
      ? []
      : [trace("directed realloc of aligned blocks", keptAlignments(plan, plan.realloc.keepAlignment))]),
  ];
  return [
    ...edges.map((each) => ({ trace: each, interval: 16, checkPayloads: true })),
    { trace: trace("directed sizes", blockSizes(plan, seed)), interval: 1024, checkPayloads: false },
    { trace: trace("directed full", fullHeaps(plan)), interval: 256, checkPayloads: false },
  ];
}

const trace = (name: string, operations: readonly TraceOperation[]): Trace => ({
  name,
  header: new Map(),
  operations,
});

function mallocs(plan: Plan): readonly TraceOperation[] {
  const script = new Script();
  for (const size of refusedSizes(plan)) script.malloc(size);
  const all = script.malloc(plan.maximumRequestBytes);
  script.free(all);
  for (const size of servedSizes(plan)) script.free(script.malloc(size));
  const small = script.malloc(1);
  for (const size of refusedSizes(plan)) script.free(script.malloc(size));
  script.free(script.malloc(plan.maximumRequestBytes), small);
  return script.operations;
}

/** Each block was filled before it is cleared. */
function callocs(plan: Plan): readonly TraceOperation[] {
  const { maximumRequestBytes: most } = plan;
  const script = new Script();
  for (const size of refusedSizes(plan)) script.free(script.calloc(size));
  const cleared = Math.min(most, mostMoved);
  script.free(script.calloc(cleared));
  const halves = [cleared, Math.floor(cleared / 2), Math.floor(cleared / 3)];
  for (const size of unique([...halves, ...servedSizes(plan).filter((each) => each <= mostMoved)])) {
    script.free(script.malloc(size));
    script.free(script.calloc(size));
  }
  return script.operations;
}

function alignedAllocs(plan: Plan): readonly TraceOperation[] {
  const { maximumRequestBytes: most, maximumAlignment, granuleBytes, header } = plan;
  const script = new Script();
  const powers = Array.from({ length: 28 }, (_, exponent) => 2 ** exponent);
  const others = [0, 3, 5, 6, 12, 24, 40, 48, 96, maximumAlignment - 1, maximumAlignment + 1, 2 ** 27 + 8];
  for (const alignment of unique([...powers, ...others])) {
    const isServed = powers.includes(alignment) && alignment <= maximumAlignment;
    const room = [2, 1, 0, -1, -2].map((more) => most - alignment + more * granuleBytes);
    const sizes = isServed
      ? [0, 1, granuleBytes + 1, ...room, most, most + 1, wordEnd - alignment, wordEnd - 1]
      : [1, 24];
    for (const size of unique(sizes))
      if (size >= 0 && size < wordEnd) script.free(script.aligned(alignment, size));
  }
  // In front of a block that is aligned by chance, and behind one.
  const first = script.malloc(1);
  for (let alignment = 2 * granuleBytes; alignment <= maximumAlignment; alignment *= 2)
    script.free(script.aligned(alignment, 1), script.aligned(alignment, granuleBytes));
  script.free(first);
  // A size with room for its alignment is more than the heap has: no list is of such a class, whatever stands behind them.
  const low = Array.from({ length: 24 }, () => script.malloc(Math.max(1, 3 * granuleBytes - header.bytes)));
  for (const alignment of [maximumAlignment, maximumAlignment / 2])
    for (let size: number = most; size > most - alignment; size -= alignment / 16)
      if (size > 0) script.free(script.aligned(alignment, Math.floor(size)));
  script.free(...low);
  return script.operations;
}

/** Sizes that are each tried; with more of them a run would take longer than people wait. */
const mostSizes = 8192;
/** Below, every size is tried in every run; above, those around class boundaries of any usual subdivision. */
const mostSmall = 1024;
const subdivisions = 32;

/** In granules. */
const largestBlock = (plan: Plan): number =>
  Math.floor((plan.maximumRequestBytes + overheadBytes(plan)) / plan.granuleBytes);

/** Block sizes in granules, from the largest a request can lead to down to the least. */
export function sizesTried(plan: Plan, seed: number): readonly number[] {
  const most = largestBlock(plan);
  if (most <= mostSizes) return Array.from({ length: most }, (_, index) => most - index);
  const always = new Set<number>([most - 1, most]);
  for (let size = 1; size <= Math.min(mostSmall, most); size++) always.add(size);
  for (let power = 1; power <= most; power *= 2)
    for (let part = 0; part < subdivisions; part++)
      for (const size of around(power + Math.floor((power * part) / subdivisions), 1))
        if (size >= 1 && size <= most) always.add(size);
  const stride = Math.max(1, Math.ceil((most - always.size) / Math.max(1, mostSizes - always.size)));
  const chosen: number[] = [];
  let others = 0;
  for (let size = 1; size <= most; size++) {
    if (always.has(size)) continue;
    if (others++ % stride === seed % stride) chosen.push(size);
  }
  return [...always, ...chosen].sort((left, right) => right - left);
}

/**
 * Each size on an empty heap, with a block behind it that takes all the rest. In the gap that it leaves a block of the
 * next smaller size is found, which a gap in the list of another size would not serve.
 */
function blockSizes(plan: Plan, seed: number): readonly TraceOperation[] {
  const { granuleBytes } = plan;
  const all = largestBlock(plan);
  const requestOf = (granules: number): number => granules * granuleBytes - overheadBytes(plan);
  const script = new Script();
  for (const [index, granules] of sizesTried(plan, seed).entries()) {
    if (requestOf(granules) < 1) continue;
    // Of the requests that one block size serves one or the other.
    const less = index % granuleBytes;
    const block = script.malloc(requestOf(granules));
    const rest = script.malloc(Math.max(1, requestOf(all - granules)));
    script.free(block);
    const smaller = script.malloc(Math.max(1, requestOf(granules - 1) - less));
    script.free(rest, smaller);
  }
  return script.operations;
}

/** Equal blocks that fill a heap. */
const fillings = [16, 512] as const;

/** Full of equal blocks, with gaps for each of them that serve no more, and empty again. */
function fullHeaps(plan: Plan): readonly TraceOperation[] {
  const { heapBytes, granuleBytes } = plan;
  const script = new Script();
  for (const count of fillings) {
    const block = Math.floor(heapBytes / count / granuleBytes) * granuleBytes;
    const request = Math.max(1, block - overheadBytes(plan));
    const ids = Array.from({ length: count + 2 }, () => script.malloc(request));
    // What is left when they no longer fit: then not even a request for nothing finds a free block.
    const rest = Array.from({ length: 8 }, () => script.malloc(1));
    const nothing = script.malloc(0);
    const larger = script.malloc(request + 1);
    // From the end on, each found at once.
    for (const id of [...rest.toReversed(), ...ids.slice(-12).toReversed()]) {
      script.free(id);
      script.free(script.malloc(1));
    }
    const [even, odd] = [0, 1].map((half) => ids.slice(0, -12).filter((_, index) => index % 2 === half));
    script.free(...(odd ?? []));
    const again = (odd ?? []).map((_, index) => script.malloc(Math.max(1, request - (index % granuleBytes))));
    script.free(script.malloc(1), larger, nothing, ...(even ?? []).toReversed(), ...again);
  }
  return script.operations;
}
