/** From single instructions to the blocks that the recorder prices. */
import type { Code } from "../../machine/code.js";
import { mayLeave, type AddressRange, type Instruction } from "../../machine/instruction.js";
import type { Recorder } from "../recorder.js";

export interface FlowParts {
  /** Of the allocator. */
  readonly range: AddressRange;
  readonly code: Code;
  /** Instructions that may be skipped, of which it must be known whether they executed. */
  readonly observed: readonly number[];
  /** Address that the driver passes before each operation. */
  readonly mark: number;
  /** Operation whose instructions are kept; undefined: none. */
  readonly traced: number | undefined;
}

/** Bits of what is known of an instruction. */
const sizeMask = 7;
const leaves = 1 << 3;
const isObserved = 1 << 4;

/** A block ends where control may go elsewhere, and where it does. */
export class Flow {
  /** Addresses of the instructions of the traced operation. */
  readonly executed: number[] = [];
  readonly #facts: Uint8Array;
  readonly #notSkipped: number[] = [];
  #current = -1;
  #recorder: Recorder | undefined;
  /** The block at hand: [start, end), empty where they are the same. */
  #start = 0;
  #end = 0;
  #left = false;
  #last: number | undefined;

  constructor(private readonly parts: FlowParts) {
    const { range, code, observed } = parts;
    this.#facts = new Uint8Array(Math.max(1, (range.end - range.start) >>> 1)).fill(2);
    for (const { instruction } of code.instructions()) {
      const { at, size } = instruction;
      this.#facts[this.#number(at)] = size | (endsBlock(instruction) ? leaves : 0);
    }
    for (const at of observed)
      this.#facts[this.#number(at)] = (this.#facts[this.#number(at)] ?? 0) | isObserved;
  }

  /** The operation that runs, one less than the first before it begins. */
  get current(): number {
    return this.#current;
  }

  /** The last instruction of the allocator, since `begin`. */
  get lastInstruction(): number | undefined {
    return this.#last;
  }

  /** Before a log whose first mark stands before `first`; -1 for init. */
  begin(first: number, recorder: Recorder): void {
    this.#recorder = recorder;
    this.#current = first < 0 ? first : first - 1;
    this.#start = 0;
    this.#end = 0;
    this.#left = false;
    this.#last = undefined;
    this.#notSkipped.length = 0;
  }

  readonly instruction = (pc: number, status: number): void => {
    const { mark, range, traced, code } = this.parts;
    if (pc === mark) {
      this.flush();
      this.#current += 1;
      return;
    }
    if (pc < range.start || pc >= range.end) return;
    if (this.#left || pc !== this.#end) this.flush();
    if (this.#start === this.#end) this.#start = pc;
    this.#last = pc;
    const facts = this.#facts[this.#number(pc)] ?? 0;
    this.#end = pc + (facts & sizeMask);
    this.#left = (facts & leaves) !== 0;
    if ((facts & isObserved) !== 0 && code.machine.qemu.executes(status)) this.#notSkipped.push(pc);
    if (this.#current === traced) this.executed.push(pc);
  };

  /** Give the recorder the block at hand. */
  flush(): void {
    if (this.#start !== this.#end) {
      this.#recorder?.block(this.#start, this.#end - this.#start);
      for (const at of this.#notSkipped) this.#recorder?.conditional(at);
      this.#notSkipped.length = 0;
    }
    this.#start = this.#end;
    this.#left = false;
  }

  #number(address: number): number {
    return (address - this.parts.range.start) >>> 1;
  }
}

/** A block ends where control may go elsewhere, and where what interrupts may do changes. */
const endsBlock = (instruction: Instruction): boolean =>
  mayLeave(instruction) || instruction.mask !== undefined;
