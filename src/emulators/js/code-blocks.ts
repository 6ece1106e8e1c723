/** Blocks of code, decoded when they are first asked for, and the flags that they may still read. */
import { mayLeave, type PlacedInstruction } from "../../machine/instruction.js";
import type { Machine } from "../../machine/machine.js";
import type { Semantics } from "../../machine/semantics.js";
import type { SourceBlock } from "./block-source.js";
import { allFlags, flagUses, liveBehind, type Flags } from "./flag-uses.js";

/** Code in memory: from an address to the end of what can be executed there. */
export type CodeAt = (
  address: number,
) => { readonly end: number; readonly halfword: (at: number) => number } | undefined;

/** What begins at an address; undefined: nothing that can be executed. */
export type Found = SourceBlock | undefined;

/** Far more than compilers put between two branches. */
const mostInstructions = 64;

/** Blocks that are looked at for flags that are read behind a block; behind more of them any may be. */
const mostBlocks = 3;

export class CodeBlocks {
  readonly #blocks = new Map<number, Found>();
  readonly #live = new Map<number, Flags>();
  readonly #semantics = new WeakMap<PlacedInstruction, Semantics>();

  /** @param ends addresses that no block goes beyond */
  constructor(
    private readonly machine: Machine,
    private readonly codeAt: CodeAt,
    private readonly ends: (address: number) => boolean,
  ) {}

  /** Blocks may end elsewhere from now on. */
  forget(): void {
    this.#blocks.clear();
    this.#live.clear();
  }

  semantics(placed: PlacedInstruction): Semantics {
    const known = this.#semantics.get(placed);
    if (known !== undefined) return known;
    const found = this.machine.semantics(placed.instruction, placed.conditional);
    this.#semantics.set(placed, found);
    return found;
  }

  at(address: number): Found {
    if (this.#blocks.has(address)) return this.#blocks.get(address);
    const found = this.#decode(address);
    this.#blocks.set(address, found);
    return found;
  }

  /** The flags that code from an address on may read before it writes them. */
  liveFlags(address: number, depth = 0): Flags {
    const known = this.#live.get(address);
    if (known !== undefined) return known;
    const block = depth < mostBlocks ? this.at(address) : undefined;
    if (block === undefined || block.undefinedAt !== undefined) return allFlags;
    const live = this.#liveIn(block, depth);
    if (depth === 0) this.#live.set(address, live);
    return live;
  }

  #liveIn({ instructions, end }: SourceBlock, depth: number): Flags {
    let read: Flags = 0;
    let unwritten: Flags = allFlags;
    for (const placed of instructions) {
      const { reads, writes } = flagUses(placed, this.semantics(placed));
      read |= reads & unwritten;
      if (!placed.conditional) unwritten &= ~writes;
      if (unwritten === 0) return read;
    }
    const last = instructions.at(-1)?.instruction;
    const live = liveBehind(last, end, (address) => this.liveFlags(address, depth + 1));
    return read | (unwritten & live);
  }

  /** Masked cycles are counted from the end of a block on, and here it cannot end. */
  #refuseMask(placed: PlacedInstruction | undefined): void {
    if (placed?.instruction.mask !== undefined) this.#semantics.set(placed, { kind: "other" });
  }

  #decode(address: number): Found {
    const code = this.codeAt(address);
    if (code === undefined || address % 2 !== 0) return undefined;
    const instructions: PlacedInstruction[] = [];
    let end = address;
    let isOver = false;
    for (const [at, placed] of this.machine.placed({ start: address, end: code.end }, code.halfword)) {
      if (at !== address && this.ends(at)) break;
      // A block that began between a condition and what it covers would not know of it.
      if (isOver && !("instruction" in placed && placed.conditional)) break;
      if (!("instruction" in placed))
        return { address, end: at + placed.size, instructions, undefinedAt: at };
      if (isOver) this.#refuseMask(instructions.at(-1));
      instructions.push(placed);
      end = at + placed.instruction.size;
      isOver = isOver || endsBlock(placed) || instructions.length === mostInstructions;
    }
    return { address, end, instructions, undefinedAt: undefined };
  }
}

/** What may lead elsewhere, and what masks interrupts or lets them in: cycles are counted from there on. */
const endsBlock = ({ instruction }: PlacedInstruction): boolean =>
  mayLeave(instruction) || instruction.mask !== undefined;
