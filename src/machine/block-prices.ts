/**
 * What passes through blocks cost: each block is decoded once, each way through it in each state of the pipeline is
 * priced once; from then on pricing a run is reading a table.
 */
import type { Block } from "./code.js";
import { mayLeave } from "./instruction.js";
import type { CycleModel, Outcome, PipelineState } from "./cycle-model.js";

/** A block, and which of its instructions that may be skipped executed: a number that `BlockPrices` gave. */
export type BlockVariant = number;

/** A pipeline state that stands between blocks: a number that `BlockPrices` gave. */
export type Situation = number;

interface Variant {
  readonly block: Block;
  /** Addresses of the instructions that might have been skipped and executed. A branch is none of them: it shows in where control went. */
  readonly executed: ReadonlySet<number>;
  /** This variant and one more instruction. */
  readonly executing: Map<number, BlockVariant>;
}

/** A pass is one number: its cycles, and the situation behind it in the low bits. Never 0. */
const situationBits = 12;
const situationMask = (1 << situationBits) - 1;

export const cyclesOf = (pass: number): number => pass >>> situationBits;
export const situationAfter = (pass: number): Situation => pass & situationMask;

export class BlockPrices {
  /** The situation behind a branch that was taken: also that in which a function is entered. */
  readonly start: Situation = 0;
  readonly #variants: Variant[] = [];
  readonly #states: PipelineState[];
  readonly #situations: Map<PipelineState, Situation>;
  /** By variant, whether the branch was taken, and situation; 0: not known yet. */
  #passes = new Int32Array(1 << 10);
  #stride = 8;

  constructor(private readonly model: CycleModel) {
    this.#states = [model.start];
    this.#situations = new Map([[model.start, 0]]);
  }

  /** The block, with all skipped that may be. */
  add(block: Block, executed: ReadonlySet<number> = new Set()): BlockVariant {
    return this.#variants.push({ block, executed, executing: new Map() }) - 1;
  }

  /** The variant in which the instruction at `at`, which may be skipped, executed as well. */
  executing(variant: BlockVariant, at: number): BlockVariant {
    const { block, executed, executing } = this.#variant(variant);
    const known = executing.get(at);
    if (known !== undefined) return known;
    const added = this.add(block, new Set([...executed, at]));
    executing.set(at, added);
    return added;
  }

  /** One pass through a block: for `cyclesOf` and `situationAfter`. `taken` is 1 where control left before its end. */
  pass(situation: Situation, variant: BlockVariant, taken: 0 | 1): number {
    const known = this.#passes[(2 * variant + taken) * this.#stride + situation] ?? 0;
    return known === 0 ? this.#learn(situation, variant, taken) : known;
  }

  /** The instructions of such a pass, each with its cycles. */
  *steps(situation: Situation, variant: BlockVariant, taken: 0 | 1): Generator<PricedInstruction> {
    const { block, executed } = this.#variant(variant);
    let state = this.#states[situation] ?? this.model.start;
    const last = block.instructions.at(-1);
    for (const placed of block.instructions) {
      const { instruction, conditional } = placed;
      const ran = !conditional || executed.has(instruction.at);
      const outcome =
        placed === last && mayLeave(instruction)
          ? lastOutcome(taken, conditional)
          : ran
            ? "executed"
            : "skipped";
      const { cycles, next } = this.model.step(state, instruction, outcome);
      state = next;
      yield { at: instruction.at, cycles, next };
    }
  }

  #learn(situation: Situation, variant: BlockVariant, taken: 0 | 1): number {
    let sum = 0;
    let state = this.#states[situation] ?? this.model.start;
    for (const { cycles, next } of this.steps(situation, variant, taken)) {
      sum += cycles;
      state = next;
    }
    const pass = (sum << situationBits) | this.#situation(state);
    this.#makeRoom(variant);
    this.#passes[(2 * variant + taken) * this.#stride + situation] = pass;
    return pass;
  }

  #situation(state: PipelineState): Situation {
    const known = this.#situations.get(state);
    if (known !== undefined) return known;
    const added = this.#states.push(state) - 1;
    if (added > situationMask) throw new Error(`more than ${situationMask} pipeline states between blocks`);
    this.#situations.set(state, added);
    return added;
  }

  /** Room for every situation known, in the rows of `variant`. */
  #makeRoom(variant: BlockVariant): void {
    let stride = this.#stride;
    while (stride < this.#states.length) stride *= 2;
    let length = this.#passes.length;
    while (length < (2 * variant + 2) * stride) length *= 2;
    if (stride === this.#stride && length === this.#passes.length) return;
    const rows = Math.floor(this.#passes.length / this.#stride);
    const larger = new Int32Array(Math.max(length, rows * stride));
    for (let row = 0; row < rows; row += 1) {
      larger.set(this.#passes.subarray(row * this.#stride, (row + 1) * this.#stride), row * stride);
    }
    this.#passes = larger;
    this.#stride = stride;
  }

  #variant(variant: BlockVariant): Variant {
    const found = this.#variants[variant];
    if (found === undefined) throw new Error(`no block variant ${variant}`);
    return found;
  }
}

/** An instruction of a pass. `next` is the state behind it. */
export interface PricedInstruction {
  readonly at: number;
  readonly cycles: number;
  readonly next: PipelineState;
}

function lastOutcome(taken: 0 | 1, conditional: boolean): Outcome {
  if (taken === 1) return "taken";
  return conditional ? "skipped" : "executed";
}
