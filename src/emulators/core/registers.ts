/** What of a core's registers one core must take over from another to go on as that one would. */
import type { Processor } from "./processor.js";

export interface Registers {
  /** By number; the program counter is not among them. */
  readonly words: readonly (readonly [number: number, word: number])[];
  readonly flags: number;
  /** Of the mask registers. */
  readonly masks: readonly number[];
}

export function readRegisters(processor: Processor): Registers {
  const { registers, interrupts } = processor.machine;
  const numbers = Array.from({ length: registers.count }, (_, number) => number);
  return {
    words: numbers
      .filter((number) => number !== registers.programCounter)
      .map((number) => [number, processor.readRegister(number)]),
    flags: processor.flags,
    masks: interrupts.registers.map((_, index) => processor.readMask(index)),
  };
}

export function writeRegisters(processor: Processor, { words, flags, masks }: Registers): void {
  for (const [number, word] of words) processor.writeRegister(number, word);
  processor.flags = flags;
  for (const [index, mask] of masks.entries()) processor.writeMask(index, mask);
}
