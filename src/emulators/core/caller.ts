/** Calls of an image's functions on an emulated core. */
import { firstDifference } from "../../bytes.js";
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import { imageCode } from "../../toolchain/code-ranges.js";
import type {
  CallFault,
  Caller,
  CallerOptions,
  CallOptions,
  CallOutcome,
  GuestRange,
  MemorySnapshot,
} from "../caller.js";
import { labelAddress, pageBytes } from "../image-regions.js";
import { hex } from "../replay-faults.js";
import { watchAlignment } from "./alignment.js";
import { faultOfRefused, unalignedRule, watchForbidden } from "./refused-access.js";
import type { RefusedAccess } from "./refused-access.js";
import { Permission, type MakeProcessor, type Processor } from "./processor.js";
import { enterCall, StopWatch, stillRunning } from "./call-frame.js";
import { ImageMemory } from "./image-memory.js";

const readWrite = Permission.read | Permission.write;

/** Outside any microcontroller's flash and RAM; what is beside it is not mapped. */
const callerMemory = {
  /** Where functions return to. */
  returned: 0x1fff_f000,
  /** Where functions of the host begin: one every `callbackBytes`. */
  callbacks: 0x1fff_f400,
  scratch: { address: 0x6100_0000, bytes: 64 * pageBytes },
  stack: { address: 0x7000_c000, bytes: 4 * pageBytes },
} as const;

const callbackBytes = 16;
const callbackCount = 64;

/** Basic blocks after which a call that has not returned is taken to hang. */
const defaultBlockLimit = 2_000_000;

/** An access this far below the stack is taken for its overflow. */
const stackGuardBytes = 512 * 1024;

export class CoreCaller implements Caller {
  readonly heap: Uint8Array;
  readonly scratch: GuestRange = callerMemory.scratch;
  readonly stack: GuestRange = callerMemory.stack;
  /** For more hooks than the options have, and for registers between calls. */
  readonly processor: Processor;
  readonly #memory: ImageMemory;
  readonly #others: readonly { readonly address: number; readonly live: Uint8Array }[];
  readonly #stops: StopWatch;
  readonly #callbacks: ((...words: readonly number[]) => number)[] = [];
  readonly #blockLimit: number;
  #blocks = 0;
  #refused: RefusedAccess | undefined;

  /** Memory is as after power-on and start-up: init was not called. */
  constructor(
    private readonly image: Image,
    private readonly target: Target,
    private readonly makeProcessor: MakeProcessor,
    private readonly options: CallerOptions = {},
    memory?: ImageMemory,
  ) {
    const code = imageCode(image);
    const processor = makeProcessor(code.machine, target);
    this.processor = processor;
    this.#blockLimit = options.blockLimit ?? Math.max(defaultBlockLimit, image.heapBytes);
    this.#memory = new ImageMemory(processor, image, memory);
    if (memory === undefined) this.#memory.reset();
    this.heap = this.#memory.heap;
    const { scratch, stack, returned } = callerMemory;
    this.#others = [scratch, stack].map(({ address, bytes }) => ({
      address,
      live: processor.map(address, bytes, readWrite),
    }));
    this.#mapHost(processor.map(returned, pageBytes, Permission.read | Permission.execute));
    this.#stops = new StopWatch(processor);
    this.#observe(options.onBlock);
    if (options.checkAlignment ?? !target.unalignedAccess) this.#watchHeap();
    else watchAlignment(processor, code, (found) => (this.#refused ??= found));
    watchForbidden(processor, options.forbidden ?? [], (access) => {
      this.#refused ??= { ...access, point: { pc: processor.pc, exact: processor.isExact } };
    });
  }

  /** Another core in the same memory; stack and scratch are its own. */
  sharing(options: CallerOptions = {}): CoreCaller {
    return new CoreCaller(this.image, this.target, this.makeProcessor, options, this.#memory);
  }

  memory(address: number, bytes: number): Uint8Array {
    const found = [...this.#memory.regions, ...this.#others].find(
      (each) => address >= each.address && address + bytes <= each.address + each.live.length,
    );
    if (found === undefined) throw new Error(`the guest has no ${bytes} bytes at ${hex(address)}`);
    return found.live.subarray(address - found.address, address - found.address + bytes);
  }

  call(called: string | number, words: readonly number[] = [], options: CallOptions = {}): CallOutcome {
    const entry = typeof called === "number" ? called : labelAddress(this.image, called);
    const { stack, returned } = callerMemory;
    const { calls } = this.processor.machine;
    const inMemory = Math.max(0, words.length - calls.argumentRegisters.length);
    const stackPointer = options.stackPointer ?? stack.address + stack.bytes - 8 * Math.ceil(inMemory / 2);
    enterCall(this.processor, {
      words,
      stackPointer,
      stack: this.memory(stackPointer, 4 * inMemory),
      returnsTo: returned,
    });
    this.#blocks = 0;
    this.#refused = undefined;
    this.#stops.begin();
    let error = this.processor.run(entry, returned);
    for (;;) {
      const next = this.options.resume?.();
      if (next === undefined) break;
      error = this.processor.run(next, returned);
    }
    const fault = this.#faultOf(error);
    if (fault !== undefined) return { kind: "fault", fault };
    return { kind: "returned", result: this.processor.readRegister(calls.result.register) };
  }

  callback(execute: (...words: readonly number[]) => number): number {
    if (this.#callbacks.length === callbackCount) throw new Error(`more than ${callbackCount} callbacks`);
    const address = callerMemory.callbacks + callbackBytes * this.#callbacks.length;
    this.#callbacks.push(execute);
    return this.processor.machine.registers.codePointer(address);
  }

  watch(called: string, told: (...words: readonly number[]) => void): void {
    const at = labelAddress(this.image, called);
    const { argumentRegisters } = this.processor.machine.calls;
    this.processor.onInstruction({ begin: at, end: at }, () => {
      told(...argumentRegisters.map((register) => this.processor.readRegister(register)));
    });
  }

  save(): MemorySnapshot {
    return { regions: this.#writable().map(({ live }) => live.slice()) };
  }

  restore({ regions }: MemorySnapshot): void {
    for (const [index, { live }] of this.#writable().entries()) {
      const saved = regions[index];
      if (saved?.length !== live.length) throw new Error("the snapshot is of another image");
      live.set(saved);
    }
  }

  changedSince({ regions }: MemorySnapshot): number | undefined {
    for (const [index, { address, live }] of this.#writable().entries()) {
      const at = firstDifference(regions[index] ?? live, live);
      if (at !== undefined) return address + at;
    }
    return undefined;
  }

  strayWrite(): number | undefined {
    return this.#memory.strayWrite();
  }

  close(): void {
    this.processor.close();
  }

  #writable() {
    return this.#memory.regions.filter(({ writable }) => writable);
  }

  /** Functions of the host: the block hook executes them, and their code returns. */
  #mapHost(page: Uint8Array): void {
    const { returned, callbacks } = callerMemory;
    const { calls, registers } = this.processor.machine;
    for (let slot = 0; slot < callbackCount; slot++) {
      page.set(calls.returnCode, callbacks - returned + callbackBytes * slot);
    }
    const end = callbacks + callbackBytes * callbackCount;
    this.processor.onBlock({ begin: callbacks, end: end - 1 }, (address) => {
      const execute = this.#callbacks[(registers.codeAddress(address) - callbacks) / callbackBytes];
      if (execute === undefined) return;
      const words = calls.argumentRegisters.map((register) => this.processor.readRegister(register));
      this.processor.writeRegister(calls.result.register, execute(...words));
    });
  }

  #observe(onBlock: CallerOptions["onBlock"]): void {
    const { start, end } = this.image.code;
    this.processor.onBlock({ begin: start, end: end - 1 }, (address, bytes) => {
      this.#blocks += 1;
      if (this.#blocks > this.#blockLimit) this.processor.stop();
      onBlock?.(address, bytes);
    });
  }

  #watchHeap(): void {
    const { address, bytes } = this.#memory.heapRegion;
    const range = { begin: address, end: address + bytes - 1 };
    const refuse = (at: number): void => {
      if (this.#refused !== undefined) return;
      const point = { pc: this.processor.pc, exact: this.processor.isExact };
      this.#refused = { cause: "unaligned-access", point, address: at, rule: unalignedRule };
      this.processor.stop();
    };
    this.processor.onAccess(range, refuse, "unaligned");
  }

  /** @param error what the run returned */
  #faultOf(error: number): CallFault | undefined {
    if (this.#refused !== undefined) return faultOfRefused(this.#refused);
    const { pc } = this.processor;
    const fault = this.#stops.fault(error);
    if (fault !== undefined) return isBelowStack(fault.address) ? overflow(fault) : fault;
    if (this.#blocks <= this.#blockLimit) return undefined;
    return { cause: "hang", pc, message: stillRunning(pc, this.#blockLimit) };
  }
}

const isBelowStack = (address: number | undefined): boolean =>
  address !== undefined &&
  address < callerMemory.stack.address &&
  address >= callerMemory.stack.address - stackGuardBytes;

function overflow(fault: CallFault): CallFault {
  const at = fault.pc === undefined ? "it" : `the code from ${hex(fault.pc)} on`;
  return {
    ...fault,
    cause: "stack-overflow",
    message: `the stack overflows: ${at} touches ${hex(fault.address ?? 0)}`,
  };
}
