/**
 * Code that was made into functions, and which processor executes it now. Functions are fast once they were executed often:
 * a processor that is closed leaves them to the next one with the same code and the same hooks.
 */
import type { Machine } from "../../machine/machine.js";
import type { CodeHook } from "../core/processor.js";
import {
  blockFunction,
  type BlockFunction,
  type BlockParts,
  type Exits,
  type MemoryPort,
} from "./block-function.js";
import { blockSource, type BlockContext } from "./block-source.js";
import { CodeBlocks } from "./code-blocks.js";
import type { Hooks } from "./hooks.js";
import type { CodeRegion, GuestMemoryMap } from "./memory.js";
import { stateLayout, type StateLayout } from "./state.js";

/** Who executes. */
export interface Owner {
  readonly memory: GuestMemoryMap;
  readonly hooks: Hooks;
  readonly exits: Omit<Exits, "goTo">;
  /** Executed instead of a block where none can be. */
  readonly refuseFetch: (address: number) => never;
}

/** What functions depend on beside the memory that is only data. */
interface Signature {
  readonly machine: Machine;
  readonly until: number;
  readonly hooks: string;
  readonly code: readonly CodeRegion[];
}

export class Program {
  readonly state: Int32Array;
  readonly blocks: BlockFunction[] = [];
  readonly #layout: StateLayout;
  readonly #numbers = new Map<number, number>();
  readonly #code: CodeBlocks;
  readonly #callbacks: CodeHook[] = [];
  readonly #context: BlockContext;
  readonly #parts: BlockParts;
  /** Of each function that was made: its accesses ask again where they may go, and hold no memory. */
  readonly #closeWindows: (() => void)[] = [];
  #until = -1;
  #owner: Owner | undefined;

  constructor(readonly machine: Machine) {
    this.#layout = stateLayout(machine);
    this.state = new Int32Array(this.#layout.length);
    this.#code = new CodeBlocks(
      machine,
      (address) => this.owner.memory.code(address),
      (address) => address === this.#until,
    );
    const memory: MemoryPort = {
      window: () => this.owner.memory.window,
      load: (address, width, at) => this.owner.memory.load(address, width, at),
      store: (address, width, value, at) => this.owner.memory.store(address, width, value, at),
    };
    const exits: Exits = {
      halt: (at) => this.owner.exits.halt(at),
      undefinedAt: (at) => this.owner.exits.undefinedAt(at),
      undescribed: (...what) => this.owner.exits.undescribed(...what),
      trap: (at, encoding, size) => this.owner.exits.trap(at, encoding, size),
      follow: (pointer) => this.number(this.owner.exits.follow(pointer)),
      goTo: (address) => this.number(address >>> 0),
    };
    this.#parts = { state: this.state, memory, callbacks: this.#callbacks, exits };
    this.#context = {
      machine,
      layout: this.#layout,
      blockNumber: (address) => this.number(address),
      constantAt: (address, bytes) => this.owner.memory.constantAt(address, bytes),
      hooksAt: (address) => this.owner.hooks.ofInstruction(address),
      blockHooksAt: (address) => this.owner.hooks.ofBlock(address),
      semantics: (placed) => this.#code.semantics(placed),
      liveFlags: (address) => this.#code.liveFlags(address),
    };
  }

  /** @throws Error where nobody executes it */
  get owner(): Owner {
    if (this.#owner === undefined) throw new Error("nobody executes this program");
    return this.#owner;
  }

  /** Whose it is from now on. */
  take(owner: Owner): void {
    this.#owner = owner;
    this.hooksChanged();
  }

  leave(): void {
    this.#owner = undefined;
    this.#callbacks.length = 0;
    for (const close of this.#closeWindows) close();
  }

  /** The owner's callbacks, in place: functions know them by number. */
  hooksChanged(): void {
    this.#callbacks.splice(0, Infinity, ...this.owner.hooks.callbacks);
  }

  /** Where runs end. */
  get until(): number {
    return this.#until;
  }

  set until(until: number) {
    if (until === this.#until) return;
    this.#until = until;
    this.forget();
  }

  /** Functions that were made are no longer right. */
  forget(): void {
    this.#code.forget();
    this.#numbers.clear();
    this.blocks.length = 0;
    this.#closeWindows.length = 0;
  }

  /** Of the block at an address. */
  number(address: number): number {
    const known = this.#numbers.get(address);
    if (known !== undefined) return known;
    const number = this.blocks.length;
    this.#numbers.set(address, number);
    this.blocks.push(() => {
      const made = this.#make(address);
      this.blocks[number] = made;
      return made();
    });
    return number;
  }

  /** @throws Error where there is no such block */
  addressOf(number: number): number {
    for (const [address, known] of this.#numbers) if (known === number) return address;
    throw new Error(`there is no block ${number}`);
  }

  #make(address: number): BlockFunction {
    if (address === this.#until) {
      return () => {
        this.state[this.machine.registers.programCounter] = address;
        return -1;
      };
    }
    const found = this.#code.at(address);
    if (found === undefined) return () => this.owner.refuseFetch(address);
    const { execute, closeWindows } = blockFunction(blockSource(found, this.#context), this.#parts);
    this.#closeWindows.push(closeWindows);
    return execute;
  }
}

/** Programs that nobody executes, the last left first. */
const left: { readonly program: Program; readonly signature: Signature }[] = [];

/** Far more than one project has images. */
const mostLeft = 16;

/** One that fits what the owner has, or a new one; it is the owner's from now on. */
export function takeProgram(machine: Machine, owner: Owner, until: number): Program {
  const wanted: Signature = {
    machine,
    until,
    hooks: owner.hooks.signature,
    code: owner.memory.codeRegions(),
  };
  const index = left.findIndex(({ signature }) => isSame(signature, wanted));
  const program = left.splice(index, index < 0 ? 0 : 1)[0]?.program ?? new Program(machine);
  program.until = until;
  program.take(owner);
  return program;
}

/** The owner is done with it. */
export function leaveProgram(program: Program): void {
  const { machine, until, owner } = program;
  const code = owner.memory.codeRegions().map(({ address, bytes }) => ({ address, bytes: bytes.slice() }));
  left.unshift({ program, signature: { machine, until, hooks: owner.hooks.signature, code } });
  left.length = Math.min(left.length, mostLeft);
  program.leave();
}

const isSame = (one: Signature, other: Signature): boolean =>
  one.machine === other.machine &&
  one.until === other.until &&
  one.hooks === other.hooks &&
  one.code.length === other.code.length &&
  one.code.every(({ address, bytes }, index) => {
    const region = other.code[index];
    return region?.address === address && isEqual(region.bytes, bytes);
  });

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}
