/** Counts one call from the blocks that it executes, and shares its cycles out among its instructions. */
import { BlockPrices, cyclesOf, situationAfter } from "./block-prices.js";
import type { BlockVariant, Situation } from "./block-prices.js";
import type { Code } from "./code.js";
import { mayLeave } from "./instruction.js";
import type { CycleModel } from "./cycle-model.js";

/** What an instruction took in the whole call. */
export interface InstructionTally {
  readonly at: number;
  /** Times it was executed, or skipped because its condition did not hold. */
  readonly count: number;
  readonly cycles: number;
}

export interface CallTally {
  readonly instructions: number;
  readonly cycles: number;
  /** In the order of addresses. */
  readonly byInstruction: readonly InstructionTally[];
}

/** Code that was executed and has no price. */
export interface TallyProblem {
  readonly cause: "not-code" | "not-understood" | "not-on-this-core";
  readonly at: number;
  readonly encoding: number;
}

interface Known {
  readonly variant: BlockVariant;
  readonly end: number;
  readonly instructions: number;
}

/** One way through a block in one situation, and how often it was gone. */
interface Pass {
  readonly situation: Situation;
  readonly variant: BlockVariant;
  readonly taken: 0 | 1;
  count: number;
}

export class CallCounter {
  readonly #prices: BlockPrices;
  /** By address and length. */
  readonly #blocks = new Map<number, Known>();
  #passes = new Map<number, Pass>();
  #situation: Situation = 0;
  /** The block that executes; its cost waits for where control goes. */
  #pending: Known | undefined;
  #variant: BlockVariant = 0;
  #cycles = 0;
  #executed = 0;

  constructor(
    private readonly code: Code,
    private readonly model: CycleModel,
    /** As `Machine.hasInstruction` takes it. */
    private readonly architecture: string,
  ) {
    this.#prices = new BlockPrices(model);
  }

  /** Of what stands at an address of the code. */
  encodingAt(address: number): number | undefined {
    const placed = this.code.at(address);
    if (placed === undefined) return undefined;
    return "instruction" in placed ? placed.instruction.encoding : placed.encoding;
  }

  /** A call begins. */
  begin(): void {
    this.#passes = new Map();
    this.#situation = this.#prices.start;
    this.#pending = undefined;
    this.#cycles = 0;
    this.#executed = 0;
  }

  /** Instructions of the blocks that have begun in this call. */
  get executed(): number {
    return this.#executed;
  }

  /** A block begins to execute. */
  block(address: number, bytes: number): TallyProblem | undefined {
    this.#leavePending(address);
    const known = this.#learn(address, bytes);
    if ("cause" in known) return known;
    this.#pending = known;
    this.#variant = known.variant;
    this.#executed += known.instructions;
    return undefined;
  }

  /** An instruction that may be skipped executes. */
  conditional(address: number): void {
    this.#variant = this.#prices.executing(this.#variant, address);
  }

  /** Cycles of the call up to the instruction at an address of the block that executes. */
  cyclesBefore(at: number): number {
    if (this.#pending === undefined) return this.#cycles;
    let sum = this.#cycles;
    for (const step of this.#prices.steps(this.#situation, this.#variant, 0)) {
      if (step.at >= at) break;
      sum += step.cycles;
    }
    return sum;
  }

  /** The call returned. */
  end(): CallTally {
    this.#leavePending(-1);
    const found = new Map<number, { count: number; cycles: number }>();
    for (const { situation, variant, taken, count } of this.#passes.values()) {
      for (const { at, cycles } of this.#prices.steps(situation, variant, taken)) {
        const sum = found.get(at) ?? { count: 0, cycles: 0 };
        sum.count += count;
        sum.cycles += count * cycles;
        found.set(at, sum);
      }
    }
    const byInstruction = [...found]
      .map(([at, { count, cycles }]) => ({ at, count, cycles }))
      .sort((left, right) => left.at - right.at);
    const instructions = byInstruction.reduce((sum, { count }) => sum + count, 0);
    return { instructions, cycles: this.#cycles, byInstruction };
  }

  /** Addresses of the instructions that may be skipped and that `conditional` must be told of. */
  *observed(): Generator<number> {
    for (const { instruction, conditional } of this.code.instructions()) {
      if (!conditional || mayLeave(instruction)) continue;
      const following = this.code.at(instruction.at + instruction.size);
      const known = following !== undefined && "instruction" in following ? following.instruction : undefined;
      if (this.model.feelsExecution(instruction, known)) yield instruction.at;
    }
  }

  #leavePending(next: number): void {
    if (this.#pending === undefined) return;
    const taken = this.#pending.end === next ? 0 : 1;
    const key = (this.#variant * 2 + taken) * 4096 + this.#situation;
    const pass = this.#passes.get(key);
    if (pass !== undefined) pass.count += 1;
    else this.#passes.set(key, { situation: this.#situation, variant: this.#variant, taken, count: 1 });
    const price = this.#prices.pass(this.#situation, this.#variant, taken);
    this.#cycles += cyclesOf(price);
    this.#situation = situationAfter(price);
  }

  #learn(address: number, bytes: number): Known | TallyProblem {
    const key = address * 65536 + bytes;
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const block = this.code.block(address, address + bytes);
    if ("kind" in block) {
      if (block.kind === "nothing") return { cause: "not-code", at: block.at, encoding: 0 };
      return { cause: "not-understood", at: block.at, encoding: block.encoding };
    }
    for (const { instruction } of block.instructions) {
      if (this.code.machine.hasInstruction(this.architecture, instruction)) continue;
      return { cause: "not-on-this-core", at: instruction.at, encoding: instruction.encoding };
    }
    const learned = {
      variant: this.#prices.add(block),
      end: block.end,
      instructions: block.instructions.length,
    };
    this.#blocks.set(key, learned);
    return learned;
  }
}
