/** What is known of each block of code that was executed: decoded and priced once, then read from flat arrays. */
import { BlockPrices } from "../machine/block-prices.js";
import type { Code } from "../machine/code.js";
import type { CycleModel } from "../machine/cycle-model.js";
import { mayLeave, type AddressRange } from "../machine/instruction.js";

/** A block the core cannot execute, or whose cost cannot be known. */
export interface BlockProblem {
  readonly cause: "undefined-instruction" | "no-floating-point" | "not-understood" | "not-code";
  readonly pc: number;
  readonly encoding: number;
}

const maskNumbers = { none: 0, set: 1, restored: 2 } as const;

/** Arrays are indexed by block number: half the distance of the block's address from the start of the code. */
export class BlockTable {
  /** Length the block was decoded with; 0 before. */
  readonly bytes: Int32Array;
  /** Number of the block that follows when the last instruction does not branch. */
  readonly following: Int32Array;
  readonly instructions: Int32Array;
  /** Number of the block in `prices`, all skipped that may be. */
  readonly variant: Int32Array;
  readonly prices: BlockPrices;
  /** What the block's last instruction does to the masks of interrupts: 0 nothing, 1 sets one, 2 restores one. */
  readonly mask: Uint8Array;
  /** Number of the conditional branch that ends the block, or -1. */
  readonly branch: Int32Array;
  /** By number of a conditional branch: 1 seen taken, 2 seen not taken. */
  readonly branchSeen: Uint8Array;
  readonly #branchNumbers = new Map<number, number>();

  constructor(
    private readonly range: AddressRange,
    private readonly code: Code,
    private readonly model: CycleModel,
    /** As `Machine.hasInstruction` takes it. */
    private readonly architecture: string,
  ) {
    const count = Math.max(1, (range.end - range.start) >>> 1);
    this.bytes = new Int32Array(count);
    this.following = new Int32Array(count);
    this.instructions = new Int32Array(count);
    this.variant = new Int32Array(count);
    this.prices = new BlockPrices(model);
    this.mask = new Uint8Array(count);
    this.branch = new Int32Array(count).fill(-1);
    for (const { instruction } of code.instructions()) {
      if (instruction.flow.kind === "branch") {
        this.#branchNumbers.set(instruction.at, this.#branchNumbers.size);
      }
    }
    this.branchSeen = new Uint8Array(this.#branchNumbers.size);
  }

  /** The number of the block at an address. */
  number(address: number): number {
    return (address - this.range.start) >>> 1;
  }

  address(number: number): number {
    return this.range.start + 2 * number;
  }

  /** Decode and price the block of `bytes` at `address`. */
  learn(address: number, bytes: number): BlockProblem | undefined {
    const block = this.code.block(address, address + bytes);
    if ("kind" in block) {
      if (block.kind === "nothing") return { cause: "not-code", pc: block.at, encoding: 0 };
      return { cause: "not-understood", pc: block.at, encoding: block.encoding };
    }
    for (const { instruction } of block.instructions) {
      const { at: pc, encoding } = instruction;
      if (!this.code.machine.hasInstruction(this.architecture, instruction)) {
        return { cause: "undefined-instruction", pc, encoding };
      }
      // The unit is off after reset, and nothing turns it on.
      if (instruction.floatingPoint) return { cause: "no-floating-point", pc, encoding };
    }
    const number = this.number(address);
    const last = block.instructions.at(-1)?.instruction;
    this.bytes[number] = bytes;
    this.following[number] = this.number(block.end);
    this.instructions[number] = block.instructions.length;
    this.variant[number] = this.prices.add(block);
    this.mask[number] = maskNumbers[last?.mask ?? "none"];
    this.branch[number] = last === undefined ? -1 : (this.#branchNumbers.get(last.at) ?? -1);
    return undefined;
  }

  /**
   * Addresses of the instructions that may be skipped and whose execution may change a cost: those must be observed. A
   * branch is none of them, it shows in where control goes.
   */
  *observed(): Generator<number> {
    for (const { instruction, conditional } of this.code.instructions()) {
      if (!conditional || mayLeave(instruction)) continue;
      const following = this.code.at(instruction.at + instruction.size);
      const known = following !== undefined && "instruction" in following ? following.instruction : undefined;
      if (this.model.feelsExecution(instruction, known)) yield instruction.at;
    }
  }

  /**
   * The instruction of a block executed that made an access: Unicorn tells the block only. Undefined where several
   * come into question, or the block is not known.
   */
  accessor(address: number, direction: "read" | "write"): number | undefined {
    const bytes = this.bytes[this.number(address)] ?? 0;
    const block = this.code.block(address, address + bytes);
    if ("kind" in block) return undefined;
    const { programCounter } = this.code.machine.registers;
    const candidates = block.instructions.filter(
      // What stands beside the code is there to be read.
      ({ instruction: { memory } }) => memory?.direction === direction && memory.base !== programCounter,
    );
    return candidates.length === 1 ? candidates[0]?.instruction.at : undefined;
  }

  /** Ways each conditional branch of the code was seen to go, by its address. */
  coverage(): ReadonlyMap<number, number> {
    return new Map(Array.from(this.#branchNumbers, ([at, number]) => [at, this.branchSeen[number] ?? 0]));
  }
}
