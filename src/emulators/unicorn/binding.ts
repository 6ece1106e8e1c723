/** A processor in Unicorn: memory, hooks, registers, run and stop. */
import { AllocGenError, diagnose } from "../../diagnostics.js";
import type { Machine } from "../../machine/machine.js";
import {
  RunError,
  type AccessFilter,
  type AccessHook,
  type HookRange,
  type MakeProcessor,
  type Processor,
} from "../core/processor.js";
import { HostBlocks, mostHostCode } from "./host-blocks.js";
import { halfwordAt, HostInstructions, type MappedMemory } from "./host-instructions.js";
import { unicornLibrary } from "./library.js";
import type { Handle, UnicornLibrary } from "./library.js";

const hookInterrupt = 1 << 0;
const hookCode = 1 << 2;
const hookBlock = 1 << 3;
/** UC_HOOK_MEM_INVALID: reads, writes and fetches, unmapped or not permitted. */
const hookMemoryInvalid = 0x3f << 4;
const hookMemoryRead = 1 << 10;
const hookMemoryWrite = 1 << 11;
/** UC_MEM_WRITE. */
const memoryWrite = 17;
/** UC_MEM_READ_UNMAPPED and the numbers behind it. */
const refusals: Readonly<Record<number, number>> = {
  19: RunError.readUnmapped,
  20: RunError.writeUnmapped,
  21: RunError.fetchUnmapped,
  22: RunError.writeProtected,
  23: RunError.readProtected,
  24: RunError.fetchProtected,
};
/** UC_CTL_WRITE(UC_CTL_CPU_MODEL, 1): control, number of arguments and direction in one word. */
const setCpuModel = 7 | (1 << 26) | (1 << 30);

/** "2.0.1". Throws as `unicornLibrary` does. */
export function unicornVersion(): string {
  const library = unicornLibrary();
  const encoded = library.version([0], [0]) as number;
  return [encoded >>> 24, (encoded >>> 16) & 0xff, (encoded >>> 8) & 0xff].join(".");
}

export class UnicornProcessor implements Processor {
  /** A block is told that made an access. */
  readonly isExact = false;
  readonly #library: UnicornLibrary;
  readonly #handle: Handle;
  readonly #context: Handle;
  readonly #callbacks: bigint[] = [];
  /** Unicorn keeps pointers into these; they must live as long as it does. */
  readonly #memory: MappedMemory[] = [];
  readonly #exceptionCallbacks: ((exception: number) => void)[] = [];
  readonly #hostInstructions: HostInstructions | undefined;
  #open = true;
  #runs = 0;
  /**
   * Of the first access of the run that was refused. Where instructions may be skipped Unicorn goes on behind it, loading zeros, and tells of further
   * accesses and exceptions: a core does none of that.
   */
  #refusal: number | undefined;

  /**
   * @param model the core, a UC_CPU_* number of the machine's
   * @throws AllocGenError, exit code 3, where the library is missing or refuses
   */
  constructor(
    readonly machine: Machine,
    model: number,
  ) {
    const { architecture, mode } = machine.unicorn;
    this.#library = unicornLibrary();
    const handle: [Handle | null] = [null];
    const opened = this.#library.open(architecture, mode, handle) as number;
    if (handle[0] === null) throw emulatorFailure("uc_open", this.#text(opened));
    this.#handle = handle[0];
    this.#check("uc_ctl", this.#library.control(this.#handle, setCpuModel, "int", model));
    const context: [Handle | null] = [null];
    this.#check("uc_context_alloc", this.#library.contextAlloc(this.#handle, context));
    if (context[0] === null) throw emulatorFailure("uc_context_alloc", "no memory");
    this.#context = context[0];
    const { lacksInstruction } = machine.unicorn;
    if (lacksInstruction !== undefined)
      this.#hostInstructions = new HostInstructions(machine, lacksInstruction, (at) =>
        halfwordAt(this.#memory, at),
      );
    const native = this.#library.registerInterruptHook((_uc, exception) => this.#takeException(exception));
    this.#hook(hookInterrupt, native, everywhere);
  }

  /**
   * Map memory, by default fresh and zeroed. The array returned is the memory itself: what the host writes the guest
   * reads. Two processors that are given the same array share it. `address` and `bytes` are multiples of `pageBytes`.
   */
  map(
    address: number,
    bytes: number,
    permissions: number,
    host: Uint8Array = new Uint8Array(bytes),
  ): Uint8Array {
    this.#check("uc_mem_map_ptr", this.#library.mapPointer(this.#handle, address, bytes, permissions, host));
    this.#memory.push({ address, host });
    return host;
  }

  /** Called when a translated block of code that starts in the range begins to execute. */
  onBlock(range: HookRange, callback: (address: number, bytes: number) => void): void {
    const host = this.#hostInstructions;
    if (host === undefined || range.end - range.begin > mostHostCode) {
      this.#hookCode(hookBlock, range, callback);
      return;
    }
    const blocks = new HostBlocks(host, callback, range);
    this.#hookCode(hookBlock, range, blocks.block);
    this.onInstructions(blocks.leaders, blocks.instruction);
  }

  /** Called before each instruction in the range that executes; not for one that is skipped. */
  onInstruction(range: HookRange, callback: (address: number, bytes: number) => void): void {
    this.#hookCode(hookCode, range, callback);
  }

  /** The same callback for several ranges. */
  onInstructions(ranges: readonly HookRange[], callback: (address: number, bytes: number) => void): void {
    const native = this.#library.registerBlockHook((_uc, address, bytes) => callback(address, bytes));
    this.#callbacks.push(native);
    for (const range of ranges) this.#addHook(hookCode, native, range);
  }

  /** Called at each access of data that begins in the range; slows down every access, also elsewhere. */
  onAccess(range: HookRange, callback: AccessHook, only?: AccessFilter): void {
    const native = this.#library.registerMemoryHook((_uc, kind, address, bytes) => {
      if (this.#refusal === undefined && (only === undefined || (address & (bytes - 1)) !== 0))
        callback(address, bytes, kind === memoryWrite ? "write" : "read");
      return true;
    });
    this.#hook(hookMemoryRead | hookMemoryWrite, native, range);
  }

  /** Called with the address of an access that ends the run: unmapped or not permitted. */
  onInvalidAccess(callback: (address: number) => void): void {
    let toldIn = 0;
    const native = this.#library.registerMemoryHook((_uc, kind, address) => {
      if (toldIn !== this.#runs) callback(address);
      toldIn = this.#runs;
      this.#refusal ??= refusals[kind];
      return false;
    });
    this.#hook(hookMemoryInvalid, native, everywhere);
  }

  /** Called with QEMU's number of an exception the processor would take; the run goes on unless stopped. */
  onException(callback: (exception: number) => void): void {
    this.#exceptionCallbacks.push(callback);
  }

  /** The host executes what Unicorn's core lacks; all else is told, with the program counter at the instruction. */
  #takeException(exception: number): void {
    if (this.#refusal !== undefined) return;
    const { unicorn, registers } = this.machine;
    const at = this.pc - unicorn.exceptionOffset;
    const host = unicorn.undefinedInstructions.has(exception) ? this.#hostInstructions : undefined;
    const result = host?.at(at)?.((number) => this.readRegister(number) | 0);
    if (result !== undefined) {
      if (result.register !== registers.programCounter)
        this.writeRegister(result.register, result.word >>> 0);
      return;
    }
    if (unicorn.exceptionOffset !== 0) this.writeRegister(registers.programCounter, at);
    for (const callback of this.#exceptionCallbacks) callback(exception);
  }

  /**
   * Run from `begin` until the program counter is `until`, a fault, `stop`, or the time is over: 0 seconds mean any. A
   * `RunError` number.
   */
  run(begin: number, until: number, seconds = 0): number {
    const entry = this.machine.registers.codePointer(begin);
    this.#beginRun();
    const error = this.#library.start(this.#handle, entry, until, seconds * 1_000_000, 0) as number;
    return this.#refusal ?? error;
  }

  #beginRun(): void {
    this.#runs += 1;
    this.#refusal = undefined;
  }

  /** End the run; for use inside callbacks. */
  stop(): void {
    this.#check("uc_emu_stop", this.#library.stop(this.#handle));
  }

  /** Where execution is: the address of an instruction. */
  get pc(): number {
    const { programCounter, codeAddress } = this.machine.registers;
    return codeAddress(this.readRegister(programCounter));
  }

  /** @param register as the machine numbers them */
  readRegister(register: number): number {
    return this.#read(this.machine.unicorn.registerId(register));
  }

  /** @param register as the machine numbers them */
  writeRegister(register: number, value: number): void {
    this.#write(this.machine.unicorn.registerId(register), value);
  }

  get flags(): number {
    const { flagsId } = this.machine.unicorn;
    return flagsId === undefined ? 0 : this.#read(flagsId) >>> 28;
  }

  set flags(flags: number) {
    const { flagsId } = this.machine.unicorn;
    if (flagsId !== undefined) this.#write(flagsId, (flags << 28) >>> 0);
  }

  readMask(index: number): number {
    return this.#read(this.#maskId(index));
  }

  writeMask(index: number, value: number): void {
    this.#write(this.#maskId(index), value);
  }

  /** Remember all registers, for `restore`. */
  save(): void {
    this.#check("uc_context_save", this.#library.contextSave(this.#handle, this.#context));
  }

  restore(): void {
    this.#check("uc_context_restore", this.#library.contextRestore(this.#handle, this.#context));
  }

  /** Unicorn's words for one of its error numbers. */
  errorText(error: number): string {
    return this.#text(error);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#library.contextFree(this.#context);
    this.#library.close(this.#handle);
    for (const callback of this.#callbacks) this.#library.unregister(callback);
  }

  #maskId(index: number): number {
    const id = this.machine.interrupts.registers[index]?.unicornId;
    if (id === undefined) throw new Error(`the core has no mask ${index}`);
    return id;
  }

  #read(id: number): number {
    const value: [number] = [0];
    this.#check("uc_reg_read", this.#library.readRegister(this.#handle, id, value));
    return value[0] >>> 0;
  }

  #write(id: number, value: number): void {
    this.#check("uc_reg_write", this.#library.writeRegister(this.#handle, id, Uint32Array.of(value)));
  }

  #hookCode(type: number, range: HookRange, callback: (address: number, bytes: number) => void): void {
    const native = this.#library.registerBlockHook((_uc, address, bytes) => callback(address, bytes));
    this.#hook(type, native, range);
  }

  #hook(type: number, native: bigint, range: HookRange): void {
    this.#callbacks.push(native);
    this.#addHook(type, native, range);
  }

  #addHook(type: number, native: bigint, { begin, end }: HookRange): void {
    this.#check("uc_hook_add", this.#library.addHook(this.#handle, [0n], type, native, null, begin, end));
  }

  #text(error: number): string {
    return this.#library.errorText(error) as string;
  }

  #check(what: string, error: unknown): void {
    if (error !== RunError.ok) throw emulatorFailure(what, this.#text(error as number));
  }
}

export const unicornProcessor: MakeProcessor = (machine, { unicornModel }) =>
  new UnicornProcessor(machine, unicornModel);

/** A range that ends before it begins is every address. */
const everywhere: HookRange = { begin: 1, end: 0 };

function emulatorFailure(what: string, text: string): AllocGenError {
  return new AllocGenError(3, [diagnose("emulator-failed", { emulator: "unicorn", what, text })]);
}
