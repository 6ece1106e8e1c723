/** Heaps to interrupt calls in: few blocks each, but every kind of state that a policy has. */
import { overheadBytes, type Plan } from "../../plan/plan.js";
import { byFunction } from "../../traces/operation.js";
import { allocates, type HeapCall } from "./heap-call.js";
import { ReferenceRun } from "./reference-run.js";

export interface HeapState {
  /** For people: "a full heap". */
  readonly name: string;
  /** The calls that make it, in an empty heap. */
  readonly setup: readonly HeapCall[];
  /** Numbers of the live blocks, by when they were allocated. */
  readonly live: readonly number[];
  /** What the policy's mark is then, where its reference has marks; the heap may lack the functions. */
  readonly mark: number | undefined;
  /** Nobody has called init: the first request does. The reference's heap is an empty one. */
  readonly isUnbegun?: true;
}

/** Calls that fill a heap: a pool may have more blocks than this, and is then not full. */
const mostCalls = 3000;

/** Payload sizes: the smallest block's, and so many granules more. @returns bytes, at most the largest request */
export function payloadBytes(plan: Plan, granules: number): number {
  const least = Math.max(1, plan.minimumBlockBytes - overheadBytes(plan));
  return Math.min(plan.maximumRequestBytes, least + granules * plan.granuleBytes);
}

class StateMaker {
  readonly setup: HeapCall[] = [];
  readonly #run: ReferenceRun;
  #live: number[] = [];

  constructor(
    private readonly plan: Plan,
    heapAddress: number,
  ) {
    this.#run = new ReferenceRun(plan, heapAddress);
  }

  /** Whether there was a block. */
  allocate(size: number): boolean {
    const call: HeapCall = { kind: "malloc", size };
    const { blocks } = this.#run;
    this.setup.push(call);
    const isServed = (this.#run.execute(call) ?? -1) >= 0;
    if (isServed) this.#live.push(blocks.length - 1);
    return isServed;
  }

  free(...numbers: readonly number[]): this {
    for (const block of numbers) {
      if (!this.#live.includes(block)) continue;
      const call: HeapCall = { kind: "free", block };
      this.setup.push(call);
      this.#run.execute(call);
      this.#live = this.#live.filter((number) => number !== block);
    }
    return this;
  }

  some(...granules: readonly number[]): this {
    for (const more of granules) this.allocate(payloadBytes(this.plan, more));
    return this;
  }

  /** Large blocks first, so that there are few. */
  fill(): this {
    let size: number = this.plan.maximumRequestBytes;
    const least = payloadBytes(this.plan, 0);
    while (this.setup.length < mostCalls) {
      if (this.allocate(size)) continue;
      if (size === least) break;
      size = Math.max(least, Math.floor(size / 2));
    }
    return this;
  }

  state(name: string): HeapState {
    return { name, setup: this.setup, live: this.#live, mark: this.#run.heap.mark?.() };
  }
}

export function heapStates(plan: Plan, heapAddress: number): readonly HeapState[] {
  const made = (name: string, make: (maker: StateMaker) => void): HeapState => {
    const maker = new StateMaker(plan, heapAddress);
    make(maker);
    return maker.state(name);
  };
  const unbegun = { ...made("a heap before its first request", () => undefined), isUnbegun: true } as const;
  return [
    made("an empty heap", () => undefined),
    made("a heap with holes", (maker) => maker.some(0, 4, 1, 7, 0, 3, 2, 5, 1).free(1, 5, 3, 7)),
    made("a full heap", (maker) => maker.some(1, 0, 2).fill()),
    // Where a policy puts off merging, these wait for it: nothing else serves a request of more than one of them.
    made("a full heap but for small blocks that were freed", (maker) =>
      maker.some(1, 1, 1, 1, 1, 1, 1, 1).fill().free(2, 4, 3, 6, 1),
    ),
    ...(plan.init === "lazy" ? [unbegun] : []),
  ];
}

/** The calls to interrupt in a state. @param roles functions that the heap has, in C without its name */
export function callsIn(
  plan: Plan,
  { live, mark }: HeapState,
  roles: ReadonlySet<string>,
): readonly HeapCall[] {
  const size = (granules: number): number => payloadBytes(plan, granules);
  const tooLarge = plan.maximumRequestBytes + 1;
  const [first, , third, ...others] = live;
  const blocks = [first, third, others.at(-1)].filter((block) => block !== undefined);
  const { calloc, realloc, alignedAlloc } = plan.api;
  const has = byFunction({ calloc, realloc, alignedAlloc }, () => true);
  const look = (role: Extract<HeapCall, { kind: "look" }>["role"], block?: number): readonly HeapCall[] =>
    roles.has(role) ? [{ kind: "look", role, ...(block === undefined ? {} : { block }) }] : [];
  const calls: readonly HeapCall[] = [
    ...[0, size(2), size(9), plan.maximumRequestBytes, tooLarge].map((bytes): HeapCall => ({
      kind: "malloc",
      size: bytes,
    })),
    ...(roles.has("malloc_tagged")
      ? [size(1), tooLarge].map((bytes): HeapCall => ({ kind: "mallocTagged", size: bytes, tag: 3 }))
      : []),
    ...[undefined, ...blocks].map((block): HeapCall => ({ kind: "free", block })),
    ...(has.calloc === true
      ? ([
          { kind: "calloc", count: 2, size: Math.ceil(size(0) / 2) },
          { kind: "calloc", count: 0x10000, size: 0x10000 },
        ] as const)
      : []),
    ...(has.realloc === true ? reallocs(first, third, size, tooLarge) : []),
    ...(has.alignedAlloc === true ? alignedAllocs(plan, size) : []),
    ...look("usable_size", first),
    ...look("owns", first),
    ...look("check"),
    ...look("stats"),
    ...look("counters"),
    ...look("walk"),
    ...look("tagged_bytes"),
    ...look("mark"),
    ...(plan.rules.largestRequestMerges?.(plan) !== true
      ? look("largest_request")
      : roles.has("largest_request")
        ? [{ kind: "largestRequest" } as const]
        : []),
    ...(roles.has("reset_peak") ? [{ kind: "resetPeak" } as const] : []),
    ...(mark !== undefined && roles.has("release") ? [{ kind: "release", mark } as const] : []),
  ];
  return calls;
}

function reallocs(
  first: number | undefined,
  third: number | undefined,
  size: (granules: number) => number,
  tooLarge: number,
): readonly HeapCall[] {
  const of = (block: number | undefined, bytes: number): HeapCall => ({
    kind: "realloc",
    block,
    size: bytes,
  });
  return [
    of(undefined, size(1)),
    ...(first === undefined
      ? []
      : [of(first, 0), of(first, size(0)), of(first, size(3)), of(first, size(12))]),
    ...(third === undefined ? [] : [of(third, size(2)), of(third, size(6)), of(third, tooLarge)]),
  ];
}

function alignedAllocs(plan: Plan, size: (granules: number) => number): readonly HeapCall[] {
  const of = (alignment: number, bytes: number): HeapCall => ({
    kind: "alignedAlloc",
    alignment,
    size: bytes,
  });
  const { maximumAlignment, alignment } = plan;
  return [
    of(alignment, size(1)),
    of(Math.min(maximumAlignment, 4 * alignment), size(2)),
    of(2 * maximumAlignment, size(1)),
    of(0, size(1)),
  ];
}

/** What a handler calls: it allocates, gives back a block of the state, changes its own and keeps one. */
export function handlerCalls(plan: Plan, { live, setup }: HeapState): readonly HeapCall[] {
  const size = (granules: number): number => payloadBytes(plan, granules);
  const [, victim] = live;
  const own = allocations(setup);
  return [
    { kind: "malloc", size: size(1) },
    ...(victim === undefined ? [] : [{ kind: "free", block: victim } as const]),
    ...(plan.api.alignedAlloc
      ? [
          {
            kind: "alignedAlloc",
            alignment: Math.min(plan.maximumAlignment, 2 * plan.alignment),
            size: size(0),
          } as const,
        ]
      : [{ kind: "malloc", size: size(0) } as const]),
    ...(plan.api.realloc ? [{ kind: "realloc", block: own, size: size(4) } as const] : []),
    { kind: "free", block: plan.api.realloc ? own + 2 : own },
  ];
}

/** Blocks that calls allocate, NULL included. */
export const allocations = (calls: readonly HeapCall[]): number => calls.filter(allocates).length;
