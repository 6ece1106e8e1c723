/** The registers and the stack of a C call, and why a run of one stopped. */
import { hex } from "../replay-faults.js";
import type { Fault } from "../engine.js";
import { pageBytes } from "../image-regions.js";
import { RunError } from "./processor.js";
import type { Processor } from "./processor.js";
import { directionOf, faultOfStop } from "./faults.js";
import { driverMemory } from "./memory-map.js";

export interface CallFrame {
  readonly words: readonly number[];
  /** A multiple of 8; the arguments that are in no register stand from here up. */
  readonly stackPointer: number;
  /** Live memory from there on, with room for them. */
  readonly stack: Uint8Array;
  readonly returnsTo: number;
}

/** Puts arguments, stack pointer and return address where a function finds them. */
export function enterCall(processor: Processor, { words, stackPointer, stack, returnsTo }: CallFrame): void {
  const { calls, registers } = processor.machine;
  const { argumentRegisters } = calls;
  const view = new DataView(stack.buffer, stack.byteOffset, stack.byteLength);
  for (const [index, word] of words.entries()) {
    const register = argumentRegisters[index];
    if (register === undefined) view.setUint32(4 * (index - argumentRegisters.length), word, true);
    else processor.writeRegister(register, word);
  }
  processor.writeRegister(registers.stackPointer, stackPointer);
  processor.writeRegister(registers.link, registers.codePointer(returnsTo));
}

/** Remembers the invalid access or exception that ends a run. */
export class StopWatch {
  #invalidAddress: number | undefined;
  #exception: number | undefined;

  constructor(private readonly processor: Processor) {
    processor.onInvalidAccess((address) => (this.#invalidAddress = address));
    processor.onException((exception) => {
      this.#exception ??= exception;
      processor.stop();
    });
  }

  begin(): void {
    this.#invalidAddress = undefined;
    this.#exception = undefined;
  }

  /** Whether the run ended at an access in one of these pages. */
  wanted(pages: readonly number[]): boolean {
    const at = this.#invalidAddress;
    return at !== undefined && pages.some((page) => at >= page && at < page + pageBytes);
  }

  /** @param error what the run returned */
  fault(error: number): Omit<Fault, "operation"> | undefined {
    const { processor } = this;
    if (error === RunError.ok && this.#exception === undefined) return undefined;
    const { operation: _none, ...fault } = faultOfStop({
      error,
      errorText: processor.errorText(error),
      operation: 0,
      point: { pc: processor.pc, exact: processor.isExact || directionOf(error) === undefined },
      address: this.#invalidAddress,
      exception: this.#exception,
      stacks: driverMemory.stacks,
      machine: processor.machine,
    });
    return fault;
  }
}

/** Of a call that did not return within so many branches. */
export const stillRunning = (pc: number, branches: number): string =>
  `still running at ${hex(pc)} after ${branches} branches`;
