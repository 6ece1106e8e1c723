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
import { arithmetic } from "./arithmetic.js";
import { blockSource, type BlockContext } from "./block-source.js";
import { CodeBlocks } from "./code-blocks.js";
import { Hooks } from "./hooks.js";
import { GuestMemoryMap, Halt, type RefusedAccess } from "./memory.js";
import { flagsOf, setFlags, stateLayout, type StateLayout } from "./state.js";

/** Executes a block. @returns the number of the next one; -1: the run is over */
type BlockFunction = () => number;

/** Blocks between two looks at the clock. */
const blocksPerLook = 1 << 20;

/** A run ended at an instruction whose effect is not described; beyond the numbers of `RunError`. */
const undescribed = 100;

const halt = new Halt("the run is over");

/** What blocks leave the straight way by. */
interface Exits {
  readonly halt: (at: number) => never;
  readonly undescribed: (at: number, encoding: number) => never;
  readonly trap: (at: number, encoding: number, size: number) => void;
  /** @returns the number of the block that a pointer to code leads to */
  readonly follow: (pointer: number) => number;
  readonly goTo: (address: number) => number;
}

type Make = (
  state: Int32Array,
  memory: GuestMemoryMap,
  math: typeof arithmetic,
  callbacks: readonly CodeHook[],
  exits: Exits,
) => BlockFunction;

export class JsProcessor implements Processor {
  readonly isExact = true;
  readonly #layout: StateLayout;
  readonly #state: Int32Array;
  readonly #memory: GuestMemoryMap;
  readonly #code: CodeBlocks;
  readonly #context: BlockContext;
  readonly #exits: Exits;
  readonly #numbers = new Map<number, number>();
  readonly #blocks: BlockFunction[] = [];
  readonly #hooks = new Hooks();
  readonly #invalidAccess: ((address: number) => void)[] = [];
  readonly #exceptions: ((exception: number) => void)[] = [];
  #saved: Int32Array;
  #until = -1;
  #error = 0;
  #errorText = "";

  constructor(readonly machine: Machine) {
    this.#layout = stateLayout(machine);
    this.#state = new Int32Array(this.#layout.length);
    this.#saved = this.#state.slice();
    const { programCounter } = machine.registers;
    this.#memory = new GuestMemoryMap(
      (at, tell) => {
        this.#state[programCounter] = at;
        tell();
        if (this.#isStopping) throw halt;
      },
      (access, at) => this.#refuse(access, at),
    );
    this.#code = new CodeBlocks(
      machine,
      (address) => this.#memory.code(address),
      (address) => address === this.#until,
    );
    this.#exits = {
      halt: (at) => this.#haltAt(at),
      undescribed: (at, encoding) => this.#refuseInstruction(at, encoding),
      trap: (at, encoding, size) => this.#trap(at, machine.unicorn.trap(encoding, size)),
      follow: (pointer) => this.#follow(pointer),
      goTo: (address) => this.#number(address >>> 0),
    };
    this.#context = {
      machine,
      layout: this.#layout,
      blockNumber: (address) => this.#number(address),
      constantAt: (address, bytes) =>
        this.#memory.isConstant(address, bytes) ? this.#memory.load(address, bytes, address) : undefined,
      hooksAt: (address) => this.#hooks.ofInstruction(address),
      blockHooksAt: (address) => this.#hooks.ofBlock(address),
      semantics: (placed) => this.#code.semantics(placed),
      liveFlags: (address) => this.#code.liveFlags(address),
    };
  }

  map(
    address: number,
    bytes: number,
    permissions: number,
    host: Uint8Array = new Uint8Array(bytes),
  ): Uint8Array {
    return this.#memory.map(address, bytes, permissions, host);
  }

  onBlock(range: HookRange, callback: CodeHook): void {
    this.#hooks.addBlock(range, callback);
    this.#forget();
  }

  onInstruction(range: HookRange, callback: CodeHook): void {
    this.onInstructions([range], callback);
  }

  onInstructions(ranges: readonly HookRange[], callback: CodeHook): void {
    this.#hooks.addInstructions(ranges, callback);
    this.#forget();
  }

  onAccess(range: HookRange, callback: AccessHook, only?: AccessFilter): void {
    this.#memory.watch(range, callback, only);
    this.#forget();
  }

  onInvalidAccess(callback: (address: number) => void): void {
    this.#invalidAccess.push(callback);
  }

  onException(callback: (exception: number) => void): void {
    this.#exceptions.push(callback);
  }

  run(begin: number, until: number, seconds = 0): number {
    if (until !== this.#until) {
      this.#until = until;
      this.#forget();
    }
    this.#state[this.#layout.stop] = 0;
    this.#error = RunError.ok;
    const deadline = seconds === 0 ? Infinity : performance.now() + 1000 * seconds;
    try {
      let next = this.#number(begin);
      do next = this.#execute(next);
      while (next >= 0 && performance.now() < deadline);
      if (next >= 0) this.#state[this.machine.registers.programCounter] = this.#addressOf(next);
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
    this.#forget();
  }

  /** The hot loop. */
  #execute(from: number): number {
    const blocks = this.#blocks;
    let next = from;
    for (let left = blocksPerLook; left > 0 && next >= 0; left--) next = (blocks[next] as BlockFunction)();
    return next;
  }

  get #isStopping(): boolean {
    return this.#state[this.#layout.stop] !== 0;
  }

  /** Functions that were made know the hooks, and where the run ends. */
  #forget(): void {
    this.#code.forget();
    this.#numbers.clear();
    this.#blocks.length = 0;
  }

  #number(address: number): number {
    const known = this.#numbers.get(address);
    if (known !== undefined) return known;
    const number = this.#blocks.length;
    this.#numbers.set(address, number);
    this.#blocks.push(this.#stub(address, number));
    return number;
  }

  #addressOf(number: number): number {
    for (const [address, known] of this.#numbers) if (known === number) return address;
    throw new Error(`there is no block ${number}`);
  }

  #stub(address: number, number: number): BlockFunction {
    return () => {
      const made = this.#make(address);
      this.#blocks[number] = made;
      return made();
    };
  }

  #make(address: number): BlockFunction {
    if (address === this.#until) {
      return () => {
        this.#state[this.machine.registers.programCounter] = address;
        return -1;
      };
    }
    const found = this.#code.at(address);
    if (found === undefined) return () => this.#refuse({ error: RunError.fetchUnmapped, address }, address);
    const text = blockSource(found, this.#context);
    // The text is made of numbers and of this folder's words alone.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const make = new Function("R", "M", "A", "K", "E", `"use strict"; return ${text};`) as Make;
    return make(this.#state, this.#memory, arithmetic, this.#hooks.callbacks, this.#exits);
  }

  #follow(pointer: number): number {
    const { codeAddress, codePointer } = this.machine.registers;
    const address = codeAddress(pointer >>> 0);
    if (codePointer(address) !== pointer >>> 0) this.#except(address, this.machine.unicorn.invalidState);
    return this.#number(address);
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

  #refuseInstruction(at: number, encoding: number): never {
    this.#error = undescribed;
    this.#errorText = `this engine does not describe the instruction ${hex(encoding)}`;
    return this.#haltAt(at);
  }
}

export const jsProcessor: MakeProcessor = (machine) => new JsProcessor(machine);
