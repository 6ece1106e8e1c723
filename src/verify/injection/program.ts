/** A program on the core that uses the heap after a misuse, and sees what the heap must not do to it. */
import type { Random } from "../../traces/random.js";
import type { FaultKind } from "../../plan/fault-kinds.js";
import type { Plan } from "../../plan/plan.js";
import type { GuestHeap } from "../probes/guest-heap.js";
import type { LiveBlock } from "../probes/probed-heap.js";
import type { Verdict } from "./injection.js";

/** Operations after a misuse. */
const operations = 200;
/** Blocks by which a heap is filled at the end, at most. */
const mostFilling = 2048;

/** Bytes that are served, the largest requests first. */
function fillingOf({ maximumRequestBytes }: Plan, serves: (bytes: number) => boolean): number {
  let served = 0;
  for (let left = mostFilling, size: number = maximumRequestBytes; left > 0 && size > 0; left--) {
    if (serves(size)) served += size;
    else size = Math.floor(size / 2);
  }
  return served;
}

/** Functions that are given a pointer, and refuse one that is no block's. */
export const passing = ["free", "realloc", "usable_size"] as const;
export type Passing = (typeof passing)[number];

const passes: ReadonlySet<string> = new Set(passing);

/** A block of the program's, and what it holds. */
interface Held {
  readonly payload: number;
  readonly bytes: number;
  contents: Uint8Array;
  /** A free of it was refused: the program does not ask again. */
  isStuck: boolean;
}

/** Thrown as soon as the verdict is known. */
class Ended extends Error {
  constructor(readonly verdict: Verdict) {
    super(verdict.kind);
  }
}

export class Program {
  readonly #held = new Map<number, Held>();
  #holdings = 1;
  /** What was told first. */
  #told: FaultKind | undefined;
  /** A free that is refused must change nothing: that is asked of the misuse itself. */
  #isMisusing = true;

  constructor(
    private readonly plan: Plan,
    private readonly guest: GuestHeap,
    private readonly random: Random,
    live: Iterable<LiveBlock>,
  ) {
    for (const { payload, request } of live) this.#hold(payload, request);
  }

  /** What a misuse comes to, with what the program does afterwards. */
  verdictOf(misuse: (program: Program) => void): Verdict {
    try {
      misuse(this);
      this.#isMisusing = false;
      for (const held of this.#held.values()) held.contents = this.#read(held);
      this.#goOn();
      return this.#audit();
    } catch (error) {
      if (error instanceof Ended) return error.verdict;
      throw error;
    }
  }

  /** A free that the program should not make, or should: of a block of its own, that block is no longer its. */
  free(payload: number): void {
    const held = this.#held.get(payload);
    this.#held.delete(payload);
    this.#call("free", this.guest.address + payload);
    if (held !== undefined && this.guest.told !== undefined)
      this.#held.set(payload, { ...held, isStuck: true });
  }

  /**
   * A pointer that the program should not pass, and by which function it does. Where memory imitates a block, realloc may
   * see only when it has moved that it is none.
   * @param bytes that realloc is asked for
   */
  pass(through: Passing, payload: number, bytes: number, isImitated: boolean): void {
    if (isImitated && through === "realloc") this.#isMisusing = false;
    if (through === "free") {
      this.free(payload);
      return;
    }
    const words = through === "realloc" ? [bytes] : [];
    this.#call(through, this.guest.address + payload, ...words);
    if (this.guest.told === undefined) this.#undetected(`${through}(offset ${payload}) took it for a block`);
  }

  /** A request that fits somewhere. The payload's offset, or undefined. */
  malloc(bytes: number): number | undefined {
    return this.#served(`malloc(${bytes})`, this.#call("malloc", bytes), bytes);
  }

  #alignedAlloc(alignment: number, bytes: number): number | undefined {
    const result = this.#call("aligned_alloc", alignment, bytes);
    return this.#served(`aligned_alloc(${alignment}, ${bytes})`, result, bytes, alignment);
  }

  /** What a request returned is the program's, and nobody else's. */
  #served(
    call: string,
    result: number,
    bytes: number,
    alignment: number = this.plan.alignment,
  ): number | undefined {
    if (result === 0) return undefined;
    const payload = result - this.guest.address;
    const { firstBlock, heapBytes } = this.plan;
    if (payload < firstBlock || payload + bytes > heapBytes || result % alignment !== 0)
      throw new Ended({ kind: "unsafe", why: `${call} returned offset ${payload}` });
    for (const held of this.#held.values()) {
      if (held.payload < payload + bytes && payload < held.payload + held.bytes)
        this.#undetected(`memory at offset ${payload} was handed out twice`);
    }
    this.#hold(payload, bytes);
    return payload;
  }

  /** A free that follows damaged metadata: it must tell at once. */
  freeBesideDamage(payload: number): void {
    this.free(payload);
    if (this.#told === undefined) this.#undetected(`free(offset ${payload}) beside it told nothing`);
  }

  /** The same by a block that is resized: what it may grow into is damaged. */
  reallocBesideDamage(payload: number, bytes: number): void {
    const held = this.#held.get(payload);
    if (held !== undefined) this.#resize(held, bytes);
    if (this.#told === undefined) this.#undetected(`realloc(offset ${payload}) beside it told nothing`);
  }

  /** A request that the damaged memory [start, end) would serve: it must not. */
  mallocFromDamage(bytes: number, start: number, end: number): void {
    const payload = this.malloc(bytes);
    if (payload !== undefined && payload >= start && payload < end)
      this.#undetected(`malloc(${bytes}) took it and told nothing`);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.guest.bytes.set(bytes, offset);
  }

  #hold(payload: number, bytes: number): void {
    const contents = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at++) contents[at] = (at * 29 + this.#holdings * 67) & 0xff;
    this.#holdings++;
    this.guest.bytes.set(contents, payload);
    this.#held.set(payload, { payload, bytes, contents, isStuck: false });
  }

  #read({ payload, bytes }: Held): Uint8Array {
    return this.guest.bytes.slice(payload, payload + bytes);
  }

  #goOn(): void {
    const most = Math.max(8, Math.floor(this.plan.maximumRequestBytes / 16));
    for (let left = operations; left > 0; left--) {
      const free = this.random.chance(0.5) ? this.#any() : undefined;
      if (free === undefined) this.#ask(1 + this.random.below(this.random.chance(0.1) ? 4 * most : most));
      else if (this.#draws("realloc")) this.#resize(free, 1 + this.random.below(most));
      else this.#freeOwn(free);
    }
    for (let held = this.#any(); held !== undefined; held = this.#any()) this.#freeOwn(held);
  }

  /** Where the heap has the function, a third of the operations that it may stand for. */
  #draws(role: string): boolean {
    return this.guest.has(role) && this.random.chance(0.33);
  }

  #ask(bytes: number): void {
    if (this.guest.has("largest_request")) this.#call("largest_request");
    const { alignment, maximumAlignment } = this.plan;
    if (this.#draws("aligned_alloc"))
      this.#alignedAlloc(Math.min(alignment << this.random.below(4), maximumAlignment), bytes);
    else this.malloc(bytes);
  }

  #resize(held: Held, bytes: number): void {
    if (!this.#isWhole(held)) this.#undetected(`the payload at offset ${held.payload} changed`);
    const before = held.contents;
    this.#held.delete(held.payload);
    const result = this.#call("realloc", this.guest.address + held.payload, bytes);
    if (result === 0) {
      this.#held.set(held.payload, { ...held, isStuck: held.isStuck || this.guest.told !== undefined });
      return;
    }
    const kept = Math.min(before.length, bytes);
    const moved = result - this.guest.address;
    const contents = this.guest.bytes.slice(moved, moved + kept);
    if (Buffer.compare(contents, before.subarray(0, kept)) !== 0)
      this.#undetected(`realloc(offset ${held.payload}) lost what the block held`);
    this.#served(`realloc(offset ${held.payload}, ${bytes})`, result, bytes);
  }

  #any(): Held | undefined {
    const free = [...this.#held.values()].filter(({ isStuck }) => !isStuck);
    return free[this.random.below(Math.max(1, free.length))];
  }

  #freeOwn(held: Held): void {
    if (!this.#isWhole(held)) this.#undetected(`the payload at offset ${held.payload} changed`);
    this.free(held.payload);
  }

  #isWhole(held: Held): boolean {
    return Buffer.compare(this.#read(held), held.contents) === 0;
  }

  /** All is free now: every size is asked for once, and the heap must hold as much as an empty one. */
  #audit(): Verdict {
    const changed = [...this.#held.values()].find((held) => !this.#isWhole(held));
    if (changed !== undefined) this.#undetected(`the payload at offset ${changed.payload} changed`);
    for (let size = 1; size <= this.plan.maximumRequestBytes; size += Math.max(1, size >> 4)) {
      const payload = this.malloc(size);
      if (payload !== undefined) this.free(payload);
    }
    const reference = this.plan.rules.reference(this.plan);
    const most = fillingOf(this.plan, (size) => reference.malloc(size, 0).payload >= 0);
    const served = fillingOf(this.plan, (size) => this.malloc(size) !== undefined);
    if (served < most) this.#undetected(`${most - served} bytes were lost`);
    return this.#told === undefined ? { kind: "harmless" } : { kind: "told", first: this.#told };
  }

  /** What comes of damage that was told is no longer the heap's to say. */
  #undetected(why: string): never {
    throw new Ended(
      this.#told === undefined ? { kind: "undetected", why } : { kind: "told", first: this.#told },
    );
  }

  /** Ends the trial where the call tells something or does not return. */
  #call(role: string, ...words: readonly number[]): number {
    const before = this.#isMisusing && passes.has(role) ? this.guest.bytes.slice() : undefined;
    const outcome = this.guest.call(role, ...words);
    if (outcome.kind === "fault") throw new Ended({ kind: "unsafe", why: this.guest.tell(outcome, String) });
    const { told } = this.guest;
    if (told === undefined) return outcome.result;
    this.#told ??= told;
    if (before !== undefined && Buffer.compare(before, this.guest.bytes) !== 0)
      throw new Ended({ kind: "unsafe", why: `${told} is told, and the heap changed` });
    return outcome.result;
  }
}
