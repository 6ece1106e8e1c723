/**
 * Calls before init, as a program makes them that has just started. Where init is the program's to call, or a
 * constructor's, requests fail and all else does nothing; where it is lazy, each request is served as by an empty heap.
 */
import type { FaultKind } from "../../plan/fault-kinds.js";
import type { Plan } from "../../plan/plan.js";
import { calloc } from "../../reference/calloc.js";
import type { ReferenceHeap } from "../../reference/reference-heap.js";
import { describeBool } from "./guest-heap.js";
import type { Observation } from "./probe.js";
import type { ProbedHeap } from "./probed-heap.js";

/** Words of the structure that stats fills. */
const figures = 7;

type Observations = Iterable<readonly [role: string, observation: Observation]>;

/** A request, and what the reference makes of it: a payload's offset, -1 for NULL. */
interface Request {
  readonly role: string;
  readonly words: readonly number[];
  readonly refer: (reference: ReferenceHeap, heapAddress: number) => number | undefined;
}

/** @param heap that nobody has called init of */
export function* callsBeforeInit(heap: ProbedHeap): Observations {
  const { guest, plan } = heap;
  const { placement, init } = plan;
  // Start-up code clears .bss; other memory holds anything.
  if (placement.kind === "static" && placement.section === undefined) guest.bytes.fill(0);
  const started = guest.caller.save();
  yield* callsWithoutBlock(heap);
  for (const request of requests(plan)) {
    if (!guest.has(request.role)) continue;
    guest.caller.restore(started);
    const call = `${request.role}(${request.words.join(", ")}) before init`;
    const found = guest.tell(callOf(heap, request.role, ...request.words), guest.describeAddress);
    heap.begin();
    const payload = request.refer(heap.reference, guest.address) ?? -1;
    if (init !== "lazy") {
      // What is too large with the room to align it in is refused before the heap is looked at, or by it.
      const isServed = payload >= 0 || (request.role === "aligned_alloc" && found === beforeInit);
      yield [request.role, { call, expected: refused(plan, isServed), found }];
      continue;
    }
    yield [request.role, { call, expected: payload < 0 ? "NULL" : `offset ${payload}`, found }];
    for (const observation of heap.state(call)) yield [request.role, observation];
  }
}

/** What a heap says that finds misuse. */
const beforeInit = `${"use before init" satisfies FaultKind} is told`;

/**
 * What becomes of a request: where a test of the heap stands in front of all else, its size does not matter.
 * @param isServed by an empty heap
 */
function refused({ hardening, placement }: Plan, isServed: boolean): string {
  const isTested = placement.kind !== "static" || placement.section !== undefined;
  const isTold = hardening !== undefined && (isTested || isServed);
  return isTold ? beforeInit : "NULL";
}

/** A function of one of many heaps is given none. */
function callOf({ guest, plan: { placement } }: ProbedHeap, role: string, ...words: readonly number[]) {
  const isMany = placement.kind === "runtime" && placement.instances === "many";
  return isMany ? guest.callWithout(role, ...words) : guest.call(role, ...words);
}

function requests(plan: Plan): readonly Request[] {
  const { alignment, maximumAlignment, maximumRequestBytes: most } = plan;
  const aligned = (wanted: number, size: number): Request => ({
    role: "aligned_alloc",
    words: [wanted, size],
    refer: (reference, address) => reference.alignedAlloc?.(wanted, size, address).payload,
  });
  return [1, Math.ceil(most / 2), most, most + 1].flatMap((size): readonly Request[] => [
    { role: "malloc", words: [size], refer: (reference) => reference.malloc(size, 0).payload },
    {
      role: "malloc_tagged",
      words: [size, 1],
      refer: (reference) => reference.malloc(size, 1).payload,
    },
    {
      role: "calloc",
      words: [1, size],
      refer: (reference) => calloc(plan, reference, size).payload,
    },
    {
      role: "realloc",
      words: [0, size],
      refer: (reference, address) => reference.realloc?.(-1, size, address).payload,
    },
    aligned(alignment, size),
    aligned(maximumAlignment, size),
  ]);
}

/** Functions that are given no block: none has an effect, and none finds one. */
function* callsWithoutBlock(heap: ProbedHeap): Observations {
  const { guest, plan } = heap;
  function* expecting(role: string, expected: string, found: string): Observations {
    if (guest.has(role)) yield [role, { call: `${role} before init`, expected, found }];
  }
  const ends = (role: string, ...words: readonly number[]): string =>
    guest.has(role) ? guest.tell(callOf(heap, role, ...words), () => "returns") : "";
  yield* expecting("free", "returns", ends("free", 0));
  const visit = guest.callback("visit", () => 1);
  yield* expecting("walk", "returns", ends("walk", visit, 0));
  yield* expecting("check", "returns", ends("check", 0));
  const out = guest.has("stats") ? guest.out(figures) : undefined;
  if (out !== undefined) {
    yield* expecting("stats", "returns", ends("stats", out.address));
    yield* expecting("stats", "0", String(out.read()[0]));
  }
  if (guest.has("counters"))
    yield* expecting("counters", "returns", ends("counters", guest.out(figures).address));
  const most = guest.has("largest_request") ? guest.tell(callOf(heap, "largest_request"), String) : "";
  yield* expecting("largest_request", "0", most);
  yield* expecting("reset_peak", "returns", ends("reset_peak"));
  // Nothing tells a heap in .bss that is zero from one that serves.
  if (plan.placement.kind === "static" && plan.placement.section === undefined) return;
  // An address that is no heap's: nothing is read or written.
  const stray = guest.out(4).address + 8;
  const unchanged = guest.caller.save();
  const isTold = plan.hardening !== undefined;
  yield* expecting("free", isTold ? beforeInit : "returns", ends("free", stray));
  if (isTold) yield* expecting("usable_size", beforeInit, ends("usable_size", stray));
  const resized = (): string => guest.tell(callOf(heap, "realloc", stray, 8), guest.describeAddress);
  if (plan.init !== "lazy" && guest.has("realloc"))
    yield* expecting("realloc", isTold ? beforeInit : "NULL", resized());
  if (plan.placement.kind !== "static") {
    const owns = guest.has("owns") ? guest.tell(callOf(heap, "owns", 1), describeBool) : "";
    yield* expecting("owns", "false", owns);
  }
  yield* expecting("free", "no effect", guest.changeSince(unchanged));
}
