/** Calls of functions that are watched instruction by instruction, or interrupted at one of them. */
import type { ExclusiveAccess, Masks } from "../../machine/interrupts.js";
import { imageCode } from "../../toolchain/code-ranges.js";
import type { Image } from "../../toolchain/image.js";
import type { Caller, CallOutcome } from "../caller.js";
import type { Processor } from "./processor.js";

/** A program whose memory several cores share, each with registers and a stack of its own. */
export interface SharedProgram {
  readonly image: Image;
  /** The one whose memory it is. */
  readonly owner: Caller;
}

export interface FunctionCall {
  /** Address of the function's first instruction. */
  readonly at: number;
  /** Arguments, a word each. */
  readonly words: readonly number[];
  /** Values of the mask registers when it is called. */
  readonly masks: Masks;
}

/** How a call ended, and the mask registers then. */
export interface CallEnd {
  readonly outcome: CallOutcome;
  readonly masks: Masks;
}

/** An instruction that was about to execute. */
export interface Boundary {
  /** From 0: how many instructions were executed before. */
  readonly number: number;
  readonly at: number;
  /** Which time it was about to execute in this call, from 1. */
  readonly turn: number;
  readonly masks: Masks;
  /** Writes to the heap before it. */
  readonly writes: number;
}

/** An access to the heap's bytes. */
export interface HeapAccess {
  /** Number of the boundary whose instruction made it. */
  readonly boundary: number;
  readonly address: number;
  readonly bytes: number;
  readonly direction: "read" | "write";
}

export interface TracedCall {
  readonly end: CallEnd;
  readonly boundaries: readonly Boundary[];
  readonly accesses: readonly HeapAccess[];
  /** The mask registers when functions began that stand in for the user's. */
  readonly hooks: readonly Masks[];
}

/** Sees each instruction of the allocator, and each access to its heap. */
export class Tracer {
  readonly caller: Caller;
  readonly #maskers: ReadonlySet<number>;
  #boundaries: Boundary[] = [];
  #accesses: HeapAccess[] = [];
  #hooks: Masks[] = [];
  #turns = new Map<number, number>();
  #writes = 0;
  #masks: Masks = [];
  #maskMayChange = false;

  constructor({ image, owner }: SharedProgram) {
    this.caller = owner.sharing();
    this.#maskers = maskersOf(image);
    const { processor } = this.caller;
    const { start, end } = image.code;
    processor.onInstruction({ begin: start, end: end - 1 }, (at) => this.#step(at));
    for (const hook of image.hooks ?? []) {
      processor.onInstruction({ begin: hook.start, end: hook.start }, () =>
        this.#hooks.push(masksOf(processor)),
      );
    }
    const heap = { begin: image.heapAddress, end: image.heapAddress + image.heapBytes - 1 };
    processor.onAccess(heap, (address, bytes, direction) => {
      const boundary = this.#boundaries.length - 1;
      this.#accesses.push({ boundary, address, bytes, direction });
      if (direction === "write") this.#writes++;
    });
  }

  trace(call: FunctionCall): TracedCall {
    this.#boundaries = [];
    this.#accesses = [];
    this.#hooks = [];
    this.#turns = new Map();
    this.#writes = 0;
    this.#masks = call.masks;
    this.#maskMayChange = false;
    const end = callMasked(this.caller, call);
    return { end, boundaries: this.#boundaries, accesses: this.#accesses, hooks: this.#hooks };
  }

  close(): void {
    this.caller.close();
  }

  #step(at: number): void {
    if (this.#maskMayChange) this.#masks = masksOf(this.caller.processor);
    this.#maskMayChange = this.#maskers.has(at);
    const turn = (this.#turns.get(at) ?? 0) + 1;
    this.#turns.set(at, turn);
    this.#boundaries.push({
      number: this.#boundaries.length,
      at,
      turn,
      masks: this.#masks,
      writes: this.#writes,
    });
  }
}

export interface InterruptedCall {
  readonly end: CallEnd;
  /** Whether the call came to the boundary at all. */
  readonly taken: boolean;
  /** Times that interrupts were masked from the boundary on. */
  readonly sectionsAfter: number;
}

/** Interrupts calls, at instructions that it was told of. */
export class Interrupter {
  readonly caller: Caller;
  readonly #setters: ReadonlySet<number>;
  readonly #exclusives: ReadonlyMap<number, ExclusiveAccess & { readonly next: number }>;
  #at = 0;
  #turnsLeft = 0;
  #handler: (() => void) | undefined;
  #taken = false;
  #sectionsAfter = 0;
  /** Whether an interrupt came since the last exclusive load. */
  #reservationLost = false;
  #resumeAt: number | undefined;

  /**
   * @param addresses instructions in front of which calls are interrupted
   * @param blockLimit as `CallerOptions.blockLimit`
   */
  constructor({ image, owner }: SharedProgram, addresses: Iterable<number>, blockLimit: number) {
    const resume = (): number | undefined => {
      const next = this.#resumeAt;
      this.#resumeAt = undefined;
      return next;
    };
    this.caller = owner.sharing({ resume, blockLimit });
    this.#setters = maskersOf(image, "set");
    this.#exclusives = exclusivesOf(image);
    const all = new Set([...addresses, ...this.#setters, ...this.#exclusives.keys()]);
    const ranges = [...all].map((at) => ({ begin: at, end: at }));
    this.caller.processor.onInstructions(ranges, (at) => this.#step(at));
  }

  /** @param handler run in front of the instruction, the `turn`-th time that it is about to execute */
  call(
    call: FunctionCall,
    { at, turn }: Pick<Boundary, "at" | "turn">,
    handler: () => void,
  ): InterruptedCall {
    this.#at = at;
    this.#turnsLeft = turn;
    this.#handler = handler;
    this.#taken = false;
    this.#sectionsAfter = 0;
    this.#reservationLost = false;
    this.#resumeAt = undefined;
    const end = callMasked(this.caller, call);
    return { end, taken: this.#taken, sectionsAfter: this.#sectionsAfter };
  }

  /** Whether the instruction at an address masks interrupts. */
  masksAt(at: number): boolean {
    return this.#setters.has(at);
  }

  close(): void {
    this.caller.close();
  }

  #step(at: number): void {
    if (this.#handler !== undefined && at === this.#at && --this.#turnsLeft === 0) {
      this.#handler();
      this.#handler = undefined;
      this.#taken = true;
      this.#reservationLost = true;
    }
    if (this.#taken && this.#setters.has(at)) this.#sectionsAfter++;
    const exclusive = this.#exclusives.get(at);
    if (exclusive?.kind === "load") this.#reservationLost = false;
    else if (exclusive !== undefined && this.#reservationLost) this.#fail(exclusive);
  }

  /** Unicorn compares values where a core knows that it was interrupted: the store is skipped, and said to have failed. */
  #fail({ status, next }: { readonly status: number; readonly next: number }): void {
    const { processor } = this.caller;
    processor.writeRegister(status, 1);
    this.#resumeAt = next;
    this.#reservationLost = false;
    processor.stop();
  }
}

/** Instructions that mask interrupts, and those that let them in. */
function maskersOf(image: Image, effect?: "set"): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { instruction } of imageCode(image).instructions()) {
    const isOne = effect === undefined ? instruction.mask !== undefined : instruction.mask === effect;
    if (isOne) found.add(instruction.at);
  }
  return found;
}

function exclusivesOf(image: Image) {
  const found = new Map<number, ExclusiveAccess & { readonly next: number }>();
  const code = imageCode(image);
  for (const { instruction } of code.instructions()) {
    const access = code.machine.interrupts.exclusive(instruction);
    if (access !== undefined)
      found.set(instruction.at, { ...access, next: instruction.at + instruction.size });
  }
  return found;
}

function callMasked(caller: Caller, { at, words, masks }: FunctionCall): CallEnd {
  const { processor } = caller;
  for (const index of processor.machine.interrupts.registers.keys())
    processor.writeMask(index, masks[index] ?? 0);
  const outcome = caller.call(at, words);
  return { outcome, masks: masksOf(processor) };
}

const masksOf = (processor: Processor): Masks =>
  processor.machine.interrupts.registers.map((_, index) => processor.readMask(index));
