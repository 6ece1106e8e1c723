/** The heap's public functions on the emulated core, by their names without the heap's. */
import type { Caller, CallOutcome, MemorySnapshot } from "../../emulators/caller.js";
import { faultKinds, type FaultKind } from "../../plan/fault-kinds.js";
import type { Plan } from "../../plan/plan.js";
import type { Image } from "../../toolchain/image.js";
import { describeStop, sourceLine } from "../source-line.js";

/** In `scratch`, which no function writes but through a pointer that it is given. */
const unwritten = 0xa5;

type Callback = (...words: readonly number[]) => number;

interface CallbackSlot {
  pointer: number;
  execute: Callback;
}

export class GuestHeap {
  /** Calls of each function. */
  readonly calls = new Map<string, number>();
  readonly #callbacks = new Map<string, CallbackSlot>();
  /** What the last call handed to the hook of requests that fail, a size each time. */
  #failed: readonly number[] = [];
  /** What the last call told the hook of faults, which stops it. */
  #told: FaultKind | undefined;

  constructor(
    readonly caller: Caller,
    private readonly plan: Plan,
    private readonly image: Image,
    /** That the heap has. */
    private readonly roles: ReadonlySet<string>,
  ) {
    if (plan.hardening !== undefined) {
      caller.watch(plan.hardening.hook, (kind = 0) => {
        this.#told = faultKinds[kind];
      });
    }
    if (!plan.api.failureHook) return;
    const isMany = plan.placement.kind === "runtime" && plan.placement.instances === "many";
    caller.watch(`${plan.name}_failed`, (first = 0, second = 0) => {
      this.#failed = [...this.#failed, isMany && first !== this.address ? NaN : isMany ? second : first];
    });
  }

  /** "not called", or "called with 24" and what it was called with then. */
  get failureHook(): string {
    return this.#failed.length === 0 ? "not called" : `called with ${this.#failed.join(", then with ")}`;
  }

  /** What the last call told the hook of faults; undefined: nothing. */
  get told(): FaultKind | undefined {
    return this.#told;
  }

  get bytes(): Uint8Array {
    return this.caller.heap;
  }

  get address(): number {
    return this.image.heapAddress;
  }

  has(role: string): boolean {
    return this.roles.has(role);
  }

  /** @param words its arguments, without the heap that functions of one of many are given first */
  call(role: string, ...words: readonly number[]): CallOutcome {
    const { placement, name } = this.plan;
    const isHanded = placement.kind === "runtime" && placement.instances === "many" && role !== "init";
    this.calls.set(role, (this.calls.get(role) ?? 0) + 1);
    this.#failed = [];
    this.#told = undefined;
    return this.caller.call(`${name}_${role}`, isHanded ? [this.address, ...words] : words);
  }

  /** The same with NULL for one of many heaps. */
  callWithout(role: string, ...words: readonly number[]): CallOutcome {
    this.calls.set(role, (this.calls.get(role) ?? 0) + 1);
    return this.caller.call(`${this.plan.name}_${role}`, [0, ...words]);
  }

  /** What came back, in words. @param describe a result */
  tell(outcome: CallOutcome, describe: (result: number) => string): string {
    if (outcome.kind === "returned") return describe(outcome.result);
    if (this.#told !== undefined) return `${this.#told} is told`;
    const { fault } = outcome;
    const source = fault.pc === undefined ? undefined : sourceLine(this.image, fault.pc);
    return `${fault.cause}: ${describeStop(this.image, fault, source)}`;
  }

  /** What of the image's memory is not as it was. @param before from `caller.save` */
  changeSince(before: MemorySnapshot): string {
    const at = this.caller.changedSince(before);
    if (at === undefined) return "no effect";
    const place = at - this.address;
    return place >= 0 && place < this.plan.heapBytes
      ? `the byte at ${this.describeAddress(at)} is written`
      : `the byte at 0x${at.toString(16)} is written`;
  }

  /** "offset 40", "NULL" */
  readonly describeAddress = (address: number): string =>
    address === 0 ? "NULL" : `offset ${(address >>> 0) - this.address}`;

  /** A function of the host's that a function of the heap may call. @param name of which there is one at a time */
  callback(name: string, execute: Callback): number {
    const known = this.#callbacks.get(name);
    const slot = known ?? this.#addCallback(name);
    slot.execute = execute;
    return slot.pointer;
  }

  #addCallback(name: string): CallbackSlot {
    const slot: CallbackSlot = { pointer: 0, execute: () => 0 };
    slot.pointer = this.caller.callback((...words) => slot.execute(...words));
    this.#callbacks.set(name, slot);
    return slot;
  }

  /** Words for a function to write to: their address, and afterwards what they hold. */
  out(count: number): { readonly address: number; read(): Uint32Array } {
    const { address } = this.caller.scratch;
    const live = this.caller.memory(address, 4 * count);
    live.fill(unwritten);
    return { address, read: () => new Uint32Array(live.slice().buffer) };
  }
}

/** A bool, as C returns it. */
export const describeBool = (result: number): string => ((result & 0xff) === 0 ? "false" : "true");
