/** A core that executes in JavaScript: each block of its code becomes a function when it is first executed. */
import type { Machine } from "../../machine/machine.js";
import {
  RunError,
  type AccessFilter,
  type AccessHook,
  type CodeHook,
  type HookRange,
  type MakeProcessor,
  type Processor,
} from "../core/processor.js";
import { hex } from "../replay-faults.js";
import type { BlockFunction } from "./block-function.js";
import { Hooks } from "./hooks.js";
import { GuestMemoryMap, Halt, type RefusedAccess } from "./memory.js";
import { leaveProgram, takeProgram, type Owner, type Program } from "./program.js";
import { flagsOf, setFlags, stateLayout, type StateLayout } from "./state.js";

/** Blocks between two looks at the clock. */
const blocksPerLook = 1 << 20;

/** A run ended at an instruction whose effect is not described; beyond the numbers of `RunError`. */
const undescribed = 100;

const halt = new Halt("the run is over");

export class JsProcessor implements Processor, Owner {
  readonly isExact = true;
  readonly #layout: StateLayout;
  #state: Int32Array;
  readonly memory: GuestMemoryMap;
  readonly hooks = new Hooks();
  readonly #invalidAccess: ((address: number) => void)[] = [];
  readonly #exceptions: ((exception: number) => void)[] = [];
  readonly exits: Owner["exits"] = {
    halt: (at) => this.#haltAt(at),
    undefinedAt: (at) => this.#trap(at, undefined),
    undescribed: (...what) => this.#refuseInstruction(...what),
    trap: (at, encoding, size) => this.#trap(at, this.machine.unicorn.trap(encoding, size)),
    follow: (pointer) => this.#follow(pointer),
  };
  #saved: Int32Array;
  #program: Program | undefined;
  #error = 0;
  #errorText = "";

  constructor(readonly machine: Machine) {
    this.#layout = stateLayout(machine);
    this.#state = new Int32Array(this.#layout.length);
    this.#saved = this.#state.slice();
    const { programCounter } = machine.registers;
    this.memory = new GuestMemoryMap(
      (at, tell) => {
        this.#state[programCounter] = at;
        tell();
        if (this.#isStopping) throw halt;
      },
      (access, at) => this.#refuse(access, at),
    );
  }

  refuseFetch(address: number): never {
    return this.#refuse({ error: RunError.fetchUnmapped, address }, address);
  }

  map(
    address: number,
    bytes: number,
    permissions: number,
    host: Uint8Array = new Uint8Array(bytes),
  ): Uint8Array {
    return this.memory.map(address, bytes, permissions, host);
  }

  onBlock(range: HookRange, callback: CodeHook): void {
    this.hooks.addBlock(range, callback);
    this.#hooksChanged();
  }

  onInstruction(range: HookRange, callback: CodeHook): void {
    this.onInstructions([range], callback);
  }

  onInstructions(ranges: readonly HookRange[], callback: CodeHook): void {
    this.hooks.addInstructions(ranges, callback);
    this.#hooksChanged();
  }

  onAccess(range: HookRange, callback: AccessHook, only?: AccessFilter): void {
    this.memory.watch(range, callback, only);
    this.#hooksChanged();
  }

  onInvalidAccess(callback: (address: number) => void): void {
    this.#invalidAccess.push(callback);
  }

  onException(callback: (exception: number) => void): void {
    this.#exceptions.push(callback);
  }

  run(begin: number, until: number, seconds = 0): number {
    const program = this.#programUntil(until);
    this.#state[this.#layout.stop] = 0;
    this.#error = RunError.ok;
    const deadline = seconds === 0 ? Infinity : performance.now() + 1000 * seconds;
    try {
      let next = program.number(begin);
      do next = execute(program.blocks, next);
      while (next >= 0 && performance.now() < deadline);
      if (next >= 0) this.#state[this.machine.registers.programCounter] = program.addressOf(next);
    } catch (error) {
      if (error !== halt) throw error;
    }
    return this.#error;
  }

  stop(): void {
    this.#state[this.#layout.stop] = 1;
  }

  get pc(): number {
    return this.readRegister(this.machine.registers.programCounter);
  }

  readRegister(register: number): number {
    return (this.#state[register] ?? 0) >>> 0;
  }

  writeRegister(register: number, value: number): void {
    const isAligned = (this.machine.registers.aligned & (1 << register)) !== 0;
    this.#state[register] = isAligned ? value & ~3 : value;
  }

  get flags(): number {
    return flagsOf(this.#state, this.#layout);
  }

  set flags(flags: number) {
    setFlags(this.#state, this.#layout, flags);
  }

  readMask(index: number): number {
    return (this.#state[this.#layout.masks + index] ?? 0) >>> 0;
  }

  writeMask(index: number, value: number): void {
    this.#state[this.#layout.masks + index] = value;
  }

  save(): void {
    this.#saved = this.#state.slice();
  }

  restore(): void {
    this.#state.set(this.#saved);
  }

  errorText(): string {
    return this.#errorText;
  }

  close(): void {
    if (this.#program === undefined) return;
    this.#state = this.#state.slice();
    leaveProgram(this.#program);
    this.#program = undefined;
  }

  /** The code's functions, which work on the program's state from then on. */
  #programUntil(until: number): Program {
    if (this.#program === undefined) {
      const program = takeProgram(this.machine, this, until);
      program.state.set(this.#state);
      this.#state = program.state;
      this.#program = program;
    }
    this.#program.until = until;
    return this.#program;
  }

  #hooksChanged(): void {
    this.#program?.forget();
    this.#program?.hooksChanged();
  }

  get #isStopping(): boolean {
    return this.#state[this.#layout.stop] !== 0;
  }

  #follow(pointer: number): number {
    const { codeAddress, codePointer } = this.machine.registers;
    const address = codeAddress(pointer >>> 0);
    if (codePointer(address) === pointer >>> 0) return address;
    // What is nowhere cannot be fetched, whatever else is wrong with it.
    if (this.memory.code(address) === undefined) return this.refuseFetch(address);
    return this.#except(address, this.machine.unicorn.invalidState);
  }

  /** @param exception undefined: the instruction is for ever undefined */
  #trap(at: number, exception: number | undefined): never {
    if (exception !== undefined) this.#except(at, exception);
    this.#error = RunError.invalidInstruction;
    return this.#haltAt(at);
  }

  #except(at: number, exception: number): never {
    this.#state[this.machine.registers.programCounter] = at;
    for (const callback of this.#exceptions) callback(exception);
    this.#error = this.#isStopping ? RunError.ok : RunError.exception;
    throw halt;
  }

  #haltAt(at: number): never {
    this.#state[this.machine.registers.programCounter] = at;
    throw halt;
  }

  #refuse({ error, address }: RefusedAccess, at: number): never {
    for (const callback of this.#invalidAccess) callback(address);
    this.#error = error;
    return this.#haltAt(at);
  }

  #refuseInstruction(at: number, encoding: number, isFloatingPoint: boolean): never {
    const unit = isFloatingPoint ? "floating point: " : "";
    this.#error = undescribed;
    this.#errorText = `this engine does not describe ${unit}the instruction ${hex(encoding)}; --engine unicorn executes it`;
    return this.#haltAt(at);
  }
}

/** The hot loop: so many blocks, or to the end of the run. @returns the number of the next block, or -1 */
function execute(blocks: readonly BlockFunction[], from: number): number {
  let next = from;
  for (let left = blocksPerLook; left > 0 && next >= 0; left--) next = (blocks[next] as BlockFunction)();
  return next;
}

export const jsProcessor: MakeProcessor = (machine) => new JsProcessor(machine);
