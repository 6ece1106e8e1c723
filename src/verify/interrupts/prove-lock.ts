/**
 * Whether interrupts may use the heap. Every public function is called in several heaps: every access to the metadata
 * must be made with interrupts masked, the mask must be as before, and an interrupt at every boundary between two
 * instructions, whose handler uses the heap, must leave a heap that the reference has too.
 */
import type { Engine } from "../../emulators/engine.js";
import {
  Interrupter,
  Tracer,
  type SharedProgram,
  type TracedCall,
} from "../../emulators/core/interrupted-call.js";
import { openBarriers } from "../../csource/barriers.js";
import type { CallerState } from "../../machine/interrupts.js";
import type { Plan } from "../../plan/plan.js";
import { machineOf } from "../../machine/registry.js";
import type { Target } from "../../targets/target.js";
import type { Image } from "../../toolchain/image.js";
import { sourceLine } from "../source-line.js";
import { interruptEverywhere, openBoundaries } from "./boundaries.js";
import { GuestRun, type GuestState } from "./guest-run.js";
import { describeCall, roleOf, type HeapCall } from "./heap-call.js";
import type { BrokenCall, InterruptedFunction, LockProof } from "./lock-proof.js";
import { checkMasking, type OwnPayloads } from "./masking.js";
import { Orders } from "./orders.js";
import { ReferenceRun } from "./reference-run.js";
import { callsIn, handlerCalls, heapStates, type HeapState } from "./states.js";

export interface LockProofRequest {
  readonly plan: Plan;
  readonly target: Target;
  readonly caller: NonNullable<Engine["caller"]>;
  /** With every public function. */
  readonly image: Image;
  /** The C of which it is made. */
  readonly source: { readonly name: string; readonly text: string };
}

/** Of a heap that interrupts may use: by its lock, or because it needs none. */
export const proveLock = (request: LockProofRequest): LockProof =>
  tryInterrupts(request, request.plan.lock.kind !== "none");

/** Broken boundaries after which no more calls are interrupted: a damaged heap may keep each call until it is stopped. */
const mostBroken = 10;

/** Basic blocks of a handler's call after which it is taken to hang. */
const handlerBlocks = 200_000;

/** An interrupted call may take another way than where nothing interrupts it, but none that is so much longer. */
const blockLimitFor = (calls: readonly Traced[]): number =>
  1000 + 20 * Math.max(0, ...calls.map(({ traced }) => traced.boundaries.length));

/** A call in a state, and how it went where nothing interrupted it. */
interface Traced {
  readonly state: HeapState;
  readonly guestState: GuestState;
  readonly call: HeapCall;
  readonly traced: TracedCall;
}

/** @param isLocked whether accesses must be masked, and critical sections say in which order calls take effect */
export function tryInterrupts(request: LockProofRequest, isLocked: boolean): LockProof {
  const { plan, target, image } = request;
  const { interrupts } = machineOf(target);
  const lockPriority = "priority" in plan.lock ? plan.lock.priority : undefined;
  const rules = { interrupts, priority: lockPriority ?? 0 };
  const callerStates = interrupts.callerStates(target.architecture, lockPriority);
  const [open] = callerStates;
  if (open === undefined) throw new Error("the machine has no state in which interrupts are let in");

  const owner = request.caller(image, target, { blockLimit: handlerBlocks });
  const program: SharedProgram = { image, owner };
  const tracer = new Tracer(program);
  const guest = new GuestRun(plan, image, owner, open.masks);
  const { heapAddress } = image;
  const roles = rolesOf(plan, image);
  const states = heapStates(plan, heapAddress);
  const unmasked = new BrokenCalls(image);
  let maskedAccesses = 0;

  const trace = (state: HeapState, guestState: GuestState, call: HeapCall, from: CallerState): TracedCall => {
    guest.put(guestState);
    const traced = tracer.trace(guest.call(call, guestState.blocks, from.masks, tracer.caller));
    if (isLocked) {
      const payloads = ownPayloads(request, state, call);
      const found = checkMasking(rules, traced, from.masks, payloads);
      maskedAccesses += found.maskedAccesses;
      const where = from === open ? "" : `, called ${from.name}`;
      if (found.fault !== undefined) unmasked.add(call, `${state.name}${where}`, found.fault);
    }
    return traced;
  };

  const calls = states.flatMap((state): readonly Traced[] => {
    const guestState = guest.make(state);
    if ("stopped" in guestState) {
      unmasked.add({ kind: "malloc", size: 0 }, state.name, { at: undefined, message: guestState.stopped });
      return [];
    }
    return callsIn(plan, state, roles).map((call) => {
      const traced = trace(state, guestState, call, open);
      if (isLocked) for (const other of callerStates.slice(1)) trace(state, guestState, call, other);
      return { state, guestState, call, traced };
    });
  });
  const interrupter = new Interrupter(
    program,
    calls.flatMap(({ traced }) => openBoundaries(rules, traced).map(({ at }) => at)),
    blockLimitFor(calls),
  );
  const broken = new BrokenCalls(image);
  for (const { state, guestState, call, traced } of calls) {
    if (broken.count >= mostBroken) break;
    if (traced.end.outcome.kind === "fault") continue;
    const handler = handlerCalls(plan, state);
    const orders = new Orders(plan, heapAddress, state.setup, call, handler);
    const parts = { guest, interrupter, ...rules, open: open.masks, isLocked, heapAddress };
    const found = interruptEverywhere({
      ...parts,
      heapState: state,
      state: guestState,
      call,
      handler,
      traced,
      orders,
    });
    for (const each of found) broken.add(call, `${state.name}, interrupted`, each);
  }
  for (const core of [owner, tracer, interrupter]) core.close();
  return {
    states: states.map(({ name }) => name),
    functions: countBoundaries(rules, calls),
    ...(isLocked ? { maskedAccesses } : {}),
    callerStates: isLocked ? callerStates.map(({ name }) => name) : [],
    unmasked: [...openLocks(request), ...unmasked.first],
    broken: broken.first,
    brokenBoundaries: broken.count,
  };
}

/** Where the compiler may move accesses out of a critical section, though it has not done so in this image. */
function openLocks({ source: { name, text } }: LockProofRequest): readonly BrokenCall[] {
  return openBarriers(text).map((barrier) => ({
    function: barrier.function,
    call: barrier.function,
    source: `${name}:${barrier.line}`,
    message: 'the compiler may move accesses across its assembly, which does not clobber "memory"',
  }));
}

/** Names of the functions that the image has, without the heap's. */
function rolesOf({ name }: Plan, { symbols }: Image): ReadonlySet<string> {
  const prefix = `${name}_`;
  const names = [...symbols.keys()].filter((symbol) => symbol.startsWith(prefix));
  return new Set(names.map((symbol) => symbol.slice(prefix.length)));
}

/** The payloads that realloc copies from and to, and the one that calloc clears. */
function ownPayloads({ plan, image }: LockProofRequest, state: HeapState, call: HeapCall): OwnPayloads {
  if (call.kind !== "calloc" && call.kind !== "realloc") return { read: undefined, written: undefined };
  const run = new ReferenceRun(plan, image.heapAddress);
  for (const each of state.setup) run.execute(each);
  const rangeOf = (payload: number) => {
    const block = [...run.heap.blocks()].find(({ start }) => start + plan.header.bytes === payload);
    if (block === undefined) return undefined;
    const start = image.heapAddress + payload;
    return { start, end: start + block.size - plan.header.bytes };
  };
  const read = call.kind === "realloc" ? rangeOf(run.payload(call.block)) : undefined;
  return { read, written: rangeOf(run.executeAside(call) ?? -1) };
}

function countBoundaries(
  rules: Parameters<typeof openBoundaries>[0],
  calls: readonly Traced[],
): readonly InterruptedFunction[] {
  const functions = new Map<string, { calls: number; boundaries: number; open: number }>();
  for (const { call, traced } of calls) {
    const name = roleOf(call);
    const sums = functions.get(name) ?? { calls: 0, boundaries: 0, open: 0 };
    sums.calls += 1;
    sums.boundaries += traced.boundaries.length;
    sums.open += openBoundaries(rules, traced).length;
    functions.set(name, sums);
  }
  return [...functions].map(([name, sums]) => ({ name, ...sums }));
}

/** The first of each function, and how many there are in all. */
class BrokenCalls {
  readonly #first = new Map<string, BrokenCall>();
  count = 0;

  constructor(private readonly image: Image) {}

  get first(): readonly BrokenCall[] {
    return [...this.#first.values()];
  }

  add(
    call: HeapCall,
    where: string,
    { at, message }: { readonly at: number | undefined; readonly message: string },
  ): void {
    this.count++;
    const role = roleOf(call);
    if (this.#first.has(role)) return;
    const source = at === undefined ? undefined : sourceLine(this.image, at);
    this.#first.set(role, {
      function: role,
      call: `${describeCall(call)} in ${where}`,
      ...(at === undefined ? {} : { at }),
      ...(source === undefined ? {} : { source }),
      message,
    });
  }
}
