/**
 * Every sequence of a few operations by way of the states they lead to: sequences that end in the same state are
 * continued once. A state is what the reference says of the metadata, and where the live blocks are and how large. The
 * C is held against the reference in each step; bytes that are nobody's may differ between sequences that are one here.
 */
import { createHash } from "node:crypto";
import type { Caller, CallOutcome } from "../../src/emulators/caller.js";
import { metadataImages, type MetadataImage } from "../../src/reference/image.js";
import { OperationCode, type HeapOperations } from "../../src/traces/operation.js";
import { ReferenceRunner, type Bench } from "../../src/verify/equivalence.js";
import { allocatorNames } from "../../src/outputs/c/names.js";

export type Step =
  | { readonly kind: "malloc" | "calloc"; readonly size: number }
  | { readonly kind: "alignedAlloc"; readonly size: number; readonly alignment: number }
  | { readonly kind: "realloc"; readonly size: number; readonly of: number }
  | { readonly kind: "free"; readonly of: number };

/** What is asked for at each step. */
export interface Requests {
  readonly sizes: readonly number[];
  readonly cleared: readonly number[];
  readonly resized: readonly number[];
  readonly aligned: readonly (readonly [alignment: number, size: number])[];
}

export const noRequests: Requests = { sizes: [], cleared: [], resized: [], aligned: [] };

/** A block that is live. */
interface Live {
  /** Step that allocated it. */
  readonly step: number;
  /** Offset of its payload. */
  readonly payload: number;
  readonly size: number;
}

interface State {
  readonly steps: readonly Step[];
  readonly live: readonly Live[];
  /** The C's heap. */
  readonly memory: Uint8Array;
}

export interface Explored {
  readonly states: number;
  /** Calls of the C. */
  readonly steps: number;
  readonly difference?: string;
}

/**
 * @param bench its engine is not used
 * @param caller of the bench's image
 */
export function exploreStates(bench: Bench, caller: Caller, depth: number, requests: Requests): Explored {
  return new Exploration(bench, caller, requests).run(depth);
}

class Exploration {
  readonly #names;
  readonly #imageOf;
  readonly #base: number;
  readonly #seen = new Set<string>();
  #steps = 0;

  constructor(
    private readonly bench: Bench,
    private readonly caller: Caller,
    private readonly requests: Requests,
  ) {
    this.#names = allocatorNames(bench.plan);
    this.#imageOf = metadataImages(bench.plan, bench.image.heapAddress);
    this.#base = bench.image.heapAddress;
  }

  run(depth: number): Explored {
    const { caller } = this;
    caller.call(this.#names.init);
    let frontier: State[] = [{ steps: [], live: [], memory: caller.heap.slice() }];
    for (let level = 0; level < depth; level++) {
      const next: State[] = [];
      for (const state of frontier) {
        for (const step of this.#choices(state)) {
          const outcome = this.#take(state, step, level + 1 < depth);
          if (typeof outcome === "string") return { ...this.#counts(), difference: outcome };
          if (outcome !== undefined) next.push(outcome);
        }
      }
      frontier = next;
    }
    return this.#counts();
  }

  #counts() {
    return { states: this.#seen.size, steps: this.#steps };
  }

  #choices({ live }: State): readonly Step[] {
    const { sizes, cleared, resized, aligned } = this.requests;
    return [
      ...sizes.map((size): Step => ({ kind: "malloc", size })),
      ...cleared.map((size): Step => ({ kind: "calloc", size })),
      ...aligned.map(([alignment, size]): Step => ({ kind: "alignedAlloc", alignment, size })),
      ...live.flatMap(({ step: of }): readonly Step[] => [
        { kind: "free", of },
        ...resized.map((size): Step => ({ kind: "realloc", size, of })),
      ]),
    ];
  }

  /** A state not seen before, undefined for one that was, or how the C differs. */
  #take(state: State, step: Step, isKept: boolean): State | string | undefined {
    this.#steps += 1;
    const steps = [...state.steps, step];
    const operations = operationsOf(steps);
    const runner = new ReferenceRunner(this.bench.plan, operations, false, this.#base);
    runner.advance(steps.length);
    runner.heap.check();
    const expected = runner.outcomes[steps.length - 1] ?? -1;
    const { heap } = this.caller;
    heap.set(state.memory);
    const found = this.#call(state, step);
    const wrong = (message: string) => `${JSON.stringify(steps)}: ${message}`;
    if (found.kind === "fault") return wrong(found.fault.message);
    const wanted = expected < 0 ? 0 : this.#base + expected;
    if (step.kind !== "free" && found.result !== wanted)
      return wrong(`${wanted} in the reference, ${found.result} on the core`);
    const image = this.#imageOf(runner.heap);
    const at = firstDifference(image, heap);
    if (at !== undefined) return wrong(`byte ${at} of the heap differs`);
    const damage = this.#payloadDamage(state, step, expected);
    if (damage !== undefined) return wrong(damage);
    const live = liveAfter(state.live, step, steps.length - 1, expected, this.bench.plan.zeroSize === "null");
    const key = keyOf(image, live);
    if (this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    return isKept ? { steps, live, memory: heap.slice() } : undefined;
  }

  #call({ live }: State, step: Step): CallOutcome {
    const { caller } = this;
    const names = this.#names;
    const pointer = (of: number): number => {
      const block = live.find(({ step: at }) => at === of);
      return block === undefined ? 0 : this.#base + block.payload;
    };
    switch (step.kind) {
      case "malloc":
        return caller.call(names.malloc, [step.size, 0]);
      case "calloc":
        return caller.call(names.calloc ?? "", [1, step.size]);
      case "alignedAlloc":
        return caller.call(names.alignedAlloc ?? "", [step.alignment, step.size]);
      case "realloc":
        return caller.call(names.realloc ?? "", [pointer(step.of), step.size]);
      case "free":
        return caller.call(names.free, [pointer(step.of)]);
    }
  }

  /** Checks all payloads that were live, and fills the new one. */
  #payloadDamage({ live }: State, step: Step, payload: number): string | undefined {
    const { heap } = this.caller;
    const old = "of" in step ? live.find(({ step: at }) => at === step.of) : undefined;
    const moved = step.kind === "free" || (step.kind === "realloc" && (payload >= 0 || step.size === 0));
    for (const block of live) {
      if (block === old && moved) continue;
      if (!isFilled(heap, block.payload, block.payload, block.size))
        return `the payload at ${block.payload} changed`;
    }
    if (payload < 0 || step.kind === "free") return undefined;
    if (step.kind === "calloc" && heap.subarray(payload, payload + step.size).some((byte) => byte !== 0))
      return `the payload at ${payload} is not all zeros`;
    if (old !== undefined && !isFilled(heap, payload, old.payload, Math.min(old.size, step.size)))
      return `the payload at ${payload} is not what was at ${old.payload}`;
    for (let index = 0; index < step.size; index++) heap[payload + index] = pattern(payload, index);
    return undefined;
  }
}

function operationsOf(steps: readonly Step[]): HeapOperations {
  return {
    length: steps.length,
    kind: Uint8Array.from(steps, ({ kind }) => OperationCode[kind]),
    argument: Uint32Array.from(steps, (step) => (step.kind === "free" ? step.of : step.size)),
    second: Uint32Array.from(steps, (step) =>
      step.kind === "realloc" ? step.of : step.kind === "alignedAlloc" ? step.alignment : 0,
    ),
  };
}

function liveAfter(
  live: readonly Live[],
  step: Step,
  index: number,
  payload: number,
  reallocToNothingFrees: boolean,
): readonly Live[] {
  if (step.kind === "free") return live.filter(({ step: at }) => at !== step.of);
  const ended =
    step.kind === "realloc" && (payload >= 0 || (step.size === 0 && reallocToNothingFrees)) ? step.of : -1;
  const others = live.filter(({ step: at }) => at !== ended);
  return payload < 0 ? others : [...others, { step: index, payload, size: step.size }];
}

function keyOf({ bytes, mask }: MetadataImage, live: readonly Live[]): string {
  const places = live.map(({ payload, size }) => payload * 0x10000 + size).sort((a, b) => a - b);
  return createHash("sha1").update(bytes).update(mask).update(places.join()).digest("base64");
}

function firstDifference({ bytes, mask }: MetadataImage, heap: Uint8Array): number | undefined {
  for (const [at, wanted] of mask.entries()) {
    if ((((heap[at] ?? 0) ^ (bytes[at] ?? 0)) & wanted) !== 0) return at;
  }
  return undefined;
}

const pattern = (payload: number, index: number): number => (payload * 31 + index * 7 + 0x5b) & 0xff;

/** Whether `size` bytes at `payload` are those that the payload at `origin` was filled with. */
function isFilled(heap: Uint8Array, payload: number, origin: number, size: number): boolean {
  for (let index = 0; index < size; index++) {
    if (heap[payload + index] !== pattern(origin, index)) return false;
  }
  return true;
}
