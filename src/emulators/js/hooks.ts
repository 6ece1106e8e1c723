/** Who is told when code executes: callbacks by number, each with ranges of addresses. */
import type { CodeHook, HookRange } from "../core/processor.js";

export class Hooks {
  readonly callbacks: CodeHook[] = [];
  readonly #blocks: (readonly [range: HookRange, number: number])[] = [];
  readonly #instructions: (readonly [range: HookRange, number: number])[] = [];

  /** All that functions know of them: where they are called, by which number. */
  get signature(): string {
    return JSON.stringify([this.#blocks, this.#instructions]);
  }

  addBlock(range: HookRange, callback: CodeHook): void {
    this.#blocks.push([range, this.callbacks.push(callback) - 1]);
  }

  addInstructions(ranges: readonly HookRange[], callback: CodeHook): void {
    const number = this.callbacks.push(callback) - 1;
    for (const range of ranges) this.#instructions.push([range, number]);
  }

  /** Numbers of the callbacks that a block is told to. */
  ofBlock(address: number): readonly number[] {
    return numbersAt(this.#blocks, address);
  }

  ofInstruction(address: number): readonly number[] {
    return numbersAt(this.#instructions, address);
  }
}

const numbersAt = (
  hooks: readonly (readonly [range: HookRange, number: number])[],
  address: number,
): readonly number[] => hooks.filter(([range]) => isIn(range, address)).map(([, number]) => number);

/** A range that ends before it begins is every address. */
const isIn = ({ begin, end }: HookRange, address: number): boolean =>
  begin > end || (address >= begin && address <= end);
