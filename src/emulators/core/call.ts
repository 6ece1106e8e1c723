/** Calls one function on an emulated core, as a C caller would. */
import type { Elf } from "../../toolchain/elf.js";
import type { Target } from "../../targets/target.js";
import type { CallCounter, CallTally, TallyProblem } from "../../machine/call-tally.js";
import { contentAt } from "../../toolchain/code-ranges.js";
import type { Fault } from "../engine.js";
import { hex } from "../replay-faults.js";
import { pageBytes } from "../image-regions.js";
import { Permission, type MakeProcessor, type Processor } from "./processor.js";
import { ArgumentMemory, type CallArgument } from "./call-arguments.js";
import { mapCycleCounter } from "./cycle-counter.js";
import { enterCall, StopWatch } from "./call-frame.js";

/** Where a call finds what no program brings along. Nothing else is mapped, so that straying faults. */
const callMemory = {
  /** Where the function returns to. */
  caller: 0x1fff_f000,
  /** The first buffer; each begins a page, and a page that is not mapped follows it. */
  buffers: 0x6100_0000,
  /** Top of the stack, a multiple of 16: the first argument is here that is in no register. */
  stackTop: 0x7001_0000,
  stackBytes: 0x1_0000,
} as const;

/** What calls are made with. */
export interface CallOptions {
  /** Arguments in order. */
  readonly given: readonly CallArgument[];
  /** Calls that are made first, in order, by where their functions begin. */
  readonly before: readonly { readonly address: number; readonly given: readonly CallArgument[] }[];
  /** Whether code can read the core's own cycle counter, for which every instruction is told of. */
  readonly cycleCounter: boolean;
  /** Instructions after which a call that has not returned is given up. */
  readonly limit: number;
  /** Told now and then how many instructions the call has executed. */
  readonly onProgress: (instructions: number) => void;
}

/** Blocks from one word on the progress to the next: some milliseconds. */
const blocksPerWord = 65_536;
/** Bytes below the stack in which an access says that it is too small, not that a pointer is wrong. */
const stackGuardBytes = 0x1_0000;

export type CallResult =
  { readonly kind: "returned"; readonly tally: CallTally; readonly result: number } | Stopped;

export interface Stopped {
  readonly kind: "stopped";
  readonly message: string;
  /** Whether it would go on where it can read the cycle counter. */
  readonly needsCycleCounter: boolean;
}

const readWrite = Permission.read | Permission.write;
const everything = readWrite | Permission.execute;

/** A program in memory; calls follow each other and see what those before them left there. */
export class FunctionCaller {
  readonly #processor: Processor;
  /** Undefined is what the call before it returned. */
  readonly #words: readonly (number | undefined)[];
  readonly #before: readonly { readonly address: number; readonly words: readonly (number | undefined)[] }[];
  #returned = 0;
  /** Pages of the cycle counter, where they are not mapped. */
  readonly #counterPages: readonly number[];
  readonly #stack: Uint8Array;
  #problem: TallyProblem | undefined;
  readonly #stops: StopWatch;
  #blocks = 0;

  constructor(
    private readonly elf: Elf,
    target: Target,
    private readonly options: CallOptions,
    private readonly counter: CallCounter,
    makeProcessor: MakeProcessor,
  ) {
    this.#processor = makeProcessor(elf.machine, target);
    mapProgram(this.#processor, elf, target);
    this.#processor.map(callMemory.caller, pageBytes, everything);
    this.#stack = this.#processor.map(
      callMemory.stackTop - callMemory.stackBytes,
      callMemory.stackBytes + pageBytes,
      readWrite,
    );
    const memory = new ArgumentMemory(this.#processor, callMemory.buffers);
    this.#words = memory.place(options.given, []);
    this.#before = options.before.map(({ address, given }) => ({
      address,
      words: memory.place(given, this.#words),
    }));
    this.#stops = new StopWatch(this.#processor);
    const facts = elf.machine.cycleCounter(target.architecture);
    this.#counterPages = options.cycleCounter ? [] : (facts?.pages ?? []);
    if (facts !== undefined && options.cycleCounter)
      mapCycleCounter(this.#processor, facts, (pc) => counter.cyclesBefore(pc));
    this.#observe();
  }

  /** The calls that are made first; the first that stopped, and which it is. */
  prepare(): (Stopped & { readonly index: number }) | undefined {
    for (const [index, { address, words }] of this.#before.entries()) {
      const result = this.#call(address, words);
      if (result.kind === "stopped") return { ...result, index };
      this.#returned = result.result;
    }
    return undefined;
  }

  /** Call the function whose first instruction is at `address`. */
  call(address: number): CallResult {
    return this.#call(address, this.#words);
  }

  #call(address: number, words: readonly (number | undefined)[]): CallResult {
    const processor = this.#processor;
    this.#problem = undefined;
    this.#stops.begin();
    this.#blocks = 0;
    enterCall(processor, {
      words: words.map((word) => word ?? this.#returned),
      stackPointer: callMemory.stackTop,
      stack: this.#stack.subarray(callMemory.stackBytes),
      returnsTo: callMemory.caller,
    });
    this.counter.begin();
    const error = processor.run(address, callMemory.caller);
    const message = this.#whyStopped(error, processor.pc);
    if (message !== undefined)
      return { kind: "stopped", message, needsCycleCounter: this.#stops.wanted(this.#counterPages) };
    const result = processor.readRegister(processor.machine.calls.result.register);
    return { kind: "returned", tally: this.counter.end(), result };
  }

  close(): void {
    this.#processor.close();
  }

  #observe(): void {
    const processor = this.#processor;
    processor.onBlock({ begin: 0, end: 0xffff_ffff }, (address, bytes) => {
      if (address === callMemory.caller) return;
      this.#blocks += 1;
      if (this.#blocks % blocksPerWord === 0) this.options.onProgress(this.counter.executed);
      this.#problem ??= this.counter.block(address, bytes);
      if (this.#problem !== undefined || this.#exceedsLimit()) processor.stop();
    });
    for (const at of this.counter.observed()) {
      processor.onInstruction({ begin: at, end: at }, (address) => this.counter.conditional(address));
    }
  }

  #whyStopped(error: number, pc: number): string | undefined {
    if (this.#problem !== undefined) return this.#describeProblem(this.#problem);
    if (this.#exceedsLimit()) {
      return `it is still running at ${hex(pc)} after ${this.options.limit} instructions (--limit allows more)`;
    }
    const fault = this.#stops.fault(error);
    return fault === undefined ? undefined : (this.#whyItCannotRun(fault) ?? fault.message);
  }

  #exceedsLimit(): boolean {
    return this.counter.executed > this.options.limit;
  }

  /** What a core would do too, but for lack of stack, or of a unit that the emulated one lacks. */
  #whyItCannotRun({
    cause,
    pc,
    address = callMemory.stackTop,
  }: Omit<Fault, "operation">): string | undefined {
    const bottom = callMemory.stackTop - callMemory.stackBytes;
    if (address < bottom && address >= bottom - stackGuardBytes) {
      return `it needs more than the ${callMemory.stackBytes} bytes of stack that a call has (a recursion that does not end, or large local variables)`;
    }
    if (cause !== "undefined-instruction" || pc === undefined) return undefined;
    const encoding = this.counter.encodingAt(pc);
    const lacks = encoding === undefined ? undefined : this.elf.machine.unicorn.lacks(encoding);
    return lacks === undefined ? undefined : `the instruction at ${hex(pc)} needs ${lacks}`;
  }

  #describeProblem({ cause, at, encoding }: TallyProblem): string {
    switch (cause) {
      case "not-code":
        return contentAt(this.elf, at) === "data"
          ? `it reaches ${hex(at)}, where the file has data (in assembly, write code as instructions, not with .short or .word)`
          : `there is no code at ${hex(at)}`;
      case "not-understood":
        return `the cost of the instruction ${hex(encoding)} at ${hex(at)} is not known`;
      case "not-on-this-core":
        return `the instruction ${hex(encoding)} at ${hex(at)} does not exist on this core (--target names another, or compile for this one)`;
    }
  }
}

/** The segments where the ELF says, in the target's flash (read and execute) and RAM; other pages as segments ask. */
function mapProgram(processor: Processor, elf: Elf, target: Target): void {
  const rights = new Map<number, number>();
  const permit = (start: number, bytes: number, more: number): void => {
    for (let page = Math.floor(start / pageBytes); page * pageBytes < start + bytes; page += 1) {
      rights.set(page, (rights.get(page) ?? 0) | more);
    }
  };
  const { flash, ram } = target.memory;
  permit(flash.origin, flash.length, Permission.read | Permission.execute);
  permit(ram.origin, ram.length, everything);
  for (const { address, memoryBytes, writable } of elf.segments) {
    permit(address, memoryBytes, Permission.read | Permission.execute | (writable ? Permission.write : 0));
  }
  for (const { first, count, permissions } of runsOfPages(rights)) {
    const live = processor.map(first * pageBytes, count * pageBytes, permissions);
    for (const { address, data } of elf.segments) {
      const from = Math.max(0, first * pageBytes - address);
      const part = data.subarray(from, Math.max(from, (first + count) * pageBytes - address));
      if (part.length > 0) live.set(part, address + from - first * pageBytes);
    }
  }
}

interface PageRun {
  readonly first: number;
  readonly permissions: number;
  count: number;
}

function runsOfPages(rights: ReadonlyMap<number, number>): readonly PageRun[] {
  const runs: PageRun[] = [];
  for (const [page, permissions] of [...rights].sort(([left], [right]) => left - right)) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === page && last.permissions === permissions)
      last.count += 1;
    else runs.push({ first: page, permissions, count: 1 });
  }
  return runs;
}
