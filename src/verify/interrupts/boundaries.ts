/** One call, interrupted at every boundary between its instructions. */
import type { Boundary, Interrupter, TracedCall } from "../../emulators/core/interrupted-call.js";
import type { InterruptFacts, Masks } from "../../machine/interrupts.js";
import { allocates, type HeapCall } from "./heap-call.js";
import { GuestStopped, type GuestRun, type GuestState, type Handled } from "./guest-run.js";
import { fillByHandler, wrongPayload } from "./payloads.js";
import { possibleOrders, type Expected, type Order, type Orders, type Sections } from "./orders.js";
import type { HeapState } from "./states.js";

export interface InterruptedCallRequest {
  readonly guest: GuestRun;
  readonly interrupter: Interrupter;
  readonly interrupts: InterruptFacts;
  readonly priority: number;
  readonly open: Masks;
  readonly isLocked: boolean;
  readonly heapAddress: number;
  readonly heapState: HeapState;
  readonly state: GuestState;
  readonly call: HeapCall;
  readonly handler: readonly HeapCall[];
  readonly traced: TracedCall;
  readonly orders: Orders;
}

export interface BrokenBoundary {
  readonly at: number;
  readonly message: string;
}

/** The boundaries at which an interrupt is taken. */
export const openBoundaries = (
  { interrupts, priority }: Pick<InterruptedCallRequest, "interrupts" | "priority">,
  { boundaries }: TracedCall,
): readonly Boundary[] => boundaries.filter(({ masks }) => interrupts.takes(masks, priority));

/** What a function that changes nothing tells, by its order with the handler. */
type Looks = ReadonlyMap<Order, string>;

/** Those of the boundaries at which the heap or a result is none that the reference has in a possible order. */
export function interruptEverywhere(request: InterruptedCallRequest): readonly BrokenBoundary[] {
  const { traced, call, isLocked, interrupter, guest, handler } = request;
  const handled = new Map<number, Handled>();
  const looks: Looks = call.kind === "look" ? looksOf(request, handled) : new Map();
  const setters = traced.boundaries.filter(({ at }) => interrupter.masksAt(at));
  return openBoundaries(request, traced).flatMap((boundary) => {
    const { end, taken, sectionsAfter } = interruptAt(request, handled, boundary);
    const fault = (message: string): readonly BrokenBoundary[] => [{ at: boundary.at, message }];
    const stopped = handled.get(boundary.writes)?.stopped;
    if (stopped !== undefined) return fault(`the handler stops: ${stopped}`);
    if (end.outcome.kind === "fault") return fault(end.outcome.fault.message);
    if (!taken) return fault("the call takes another way when it is repeated");
    const passed = setters.filter(({ number }) => number < boundary.number).length;
    // The section in which the first request initialises the heap changes nothing that the reference knows of.
    const isBegun = request.heapState.isUnbegun === true && allocates(call) && passed > 0;
    const before = isBegun ? passed - 1 : passed;
    const sections: Sections | undefined = isLocked ? { before, after: sectionsAfter } : undefined;
    const { result } = end.outcome;
    const results = handled.get(boundary.writes)?.results ?? [];
    const differences = possibleOrders(call, sections).map(
      (order) =>
        looksDifferent(looks, order, lookOf(request, result)) ??
        differenceFrom(request, order, result, results),
    );
    if (differences.includes(undefined)) {
      const payloads = { ...request.heapState, blocks: request.state.blocks };
      const wrong = wrongPayload(guest.bytes, payloads, call, result, handler, results);
      return wrong === undefined ? [] : fault(wrong);
    }
    return fault(differences[0] ?? "no order is possible");
  });
}

function interruptAt(request: InterruptedCallRequest, handled: Map<number, Handled>, boundary: Boundary) {
  const { guest, interrupter, state, call, open } = request;
  guest.put(state);
  const made = guest.call(call, state.blocks, open, interrupter.caller);
  return interrupter.call(made, boundary, () => {
    const known = (boundary.writes === 0 ? state.handled : undefined) ?? handled.get(boundary.writes);
    const done = known ?? handle(request);
    if (boundary.writes === 0) state.handled = done;
    handled.set(boundary.writes, done);
    guest.put(done);
  });
}

function handle(request: InterruptedCallRequest): Handled {
  const { guest, state, handler } = request;
  try {
    const results = guest.execute(handler, [...state.blocks], (at, size) =>
      fillByHandler(guest.bytes, at, size),
    );
    return { heap: guest.caller.heap.slice(), results, ...memoryOf(request) };
  } catch (error) {
    if (!(error instanceof GuestStopped)) throw error;
    return { heap: guest.caller.heap.slice(), results: [], stopped: error.message, ...memoryOf(request) };
  }
}

/** Of a heap that the first request initialises: that it has come is told beside the heap. */
const memoryOf = ({ guest, state }: InterruptedCallRequest): Pick<Handled, "memory"> =>
  state.memory === undefined ? {} : { memory: guest.caller.save() };

/** Undefined: as the reference has it in that order. */
function differenceFrom(
  { orders, call, handler, heapAddress, guest }: InterruptedCallRequest,
  order: Order,
  result: number,
  handlerResults: readonly number[],
): string | undefined {
  const expected = orders.expected(order);
  const told = (payload: number): number => (payload < 0 ? 0 : heapAddress + payload);
  const wrong =
    wrongResult(expected, call, result, told) ?? wrongHandler(expected, handler, handlerResults, told);
  return wrong ?? expected.metadata.difference(guest.caller.heap);
}

type Told = (payload: number) => number;

function wrongResult({ result }: Expected, call: HeapCall, found: number, told: Told): string | undefined {
  if (!allocates(call) || result === undefined || told(result) === found) return undefined;
  return `it returns ${describe(found)}, in the reference ${describe(told(result))}`;
}

function wrongHandler(
  { handlerResults }: Expected,
  handler: readonly HeapCall[],
  found: readonly number[],
  told: Told,
): string | undefined {
  for (const [index, call] of handler.entries()) {
    const [expected, result = 0] = [handlerResults[index], found[index]];
    if (!allocates(call) || expected === undefined || told(expected) === result) continue;
    return `the handler's ${call.kind} returns ${describe(result)}, in the reference ${describe(told(expected))}`;
  }
  return undefined;
}

const describe = (address: number): string => (address === 0 ? "NULL" : `0x${address.toString(16)}`);

/** What the function tells where nothing interrupts it, and where the handler was there before it began. */
function looksOf(request: InterruptedCallRequest, handled: Map<number, Handled>): Looks {
  const [first] = request.traced.boundaries;
  if (first === undefined) return new Map();
  const told = (boundary: Boundary): string => {
    const { end } = interruptAt(request, handled, boundary);
    return lookOf(request, end.outcome.kind === "fault" ? 0 : end.outcome.result);
  };
  return new Map([
    ["call first", told({ ...first, turn: Infinity })],
    ["handler first", told(first)],
  ]);
}

/** Bytes that the largest of what functions write through a pointer has. */
const outBytes = 64;

function lookOf({ interrupter: { caller }, call }: InterruptedCallRequest, result: number): string {
  const out = Buffer.from(caller.memory(caller.scratch.address, outBytes)).toString("hex");
  const isVoid = call.kind === "look" && ["stats", "counters", "walk"].includes(call.role);
  return isVoid ? out : `${result} ${out}`;
}

function looksDifferent(looks: Looks, order: Order, found: string): string | undefined {
  const expected = looks.get(order);
  if (expected === undefined || expected === found) return undefined;
  return "what it tells is of no heap that there was before or after the handler";
}
