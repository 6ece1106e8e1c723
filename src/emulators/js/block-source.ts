/** A block of code as the text of a JavaScript function. */
import { mayLeave, type PlacedInstruction } from "../../machine/instruction.js";
import type { Machine } from "../../machine/machine.js";
import type { Semantics } from "../../machine/semantics.js";
import { exclusive, loaded, transfer, transferMultiple } from "./access-text.js";
import { BlockText } from "./block-text.js";
import { branchTest, flagTest, setFlags } from "./flag-text.js";
import { flagUses, liveBehind, type Flags } from "./flag-uses.js";
import type { StateLayout } from "./state.js";

/** What the text of a block depends on beside its instructions. */
export interface BlockContext {
  readonly machine: Machine;
  readonly layout: StateLayout;
  /** Number of the block at an address: what a function of a block returns. */
  readonly blockNumber: (address: number) => number;
  /** What stands at an address and never changes. */
  readonly constantAt: (address: number, bytes: 1 | 2 | 4) => number | undefined;
  /** Numbers of the hooks that are called before an instruction. */
  readonly hooksAt: (address: number) => readonly number[];
  readonly blockHooksAt: (address: number) => readonly number[];
  readonly semantics: (placed: PlacedInstruction) => Semantics;
  /** The flags that code at an address may still read. */
  readonly liveFlags: (address: number) => Flags;
}

/** Instructions that follow each other; only the last may lead elsewhere. */
export interface SourceBlock {
  readonly address: number;
  readonly end: number;
  readonly instructions: readonly PlacedInstruction[];
  /** Where an encoding ends it that no core defines; undefined: none does. */
  readonly undefinedAt: number | undefined;
}

/**
 * Text of an expression that gives the block's function. Its free names: `R` the state, `M` the memory's slow way, `A`
 * arithmetic, `K` the hooks' callbacks, `E` what leaves the straight way. The function executes the block and returns the
 * number of the next one.
 */
export function blockSource(block: SourceBlock, context: BlockContext): string {
  const { address, end, instructions } = block;
  const text = new BlockText(context.machine, context.layout);
  const needed = neededFlags(block, context);
  for (const [index, placed] of instructions.entries()) {
    writeInstruction(text, placed, needed[index] ?? 0, context);
  }
  const last = instructions.at(-1);
  if (block.undefinedAt !== undefined) {
    text.store();
    text.line(`E.undefinedAt(${block.undefinedAt});`);
  } else if (last === undefined || !mayLeave(last.instruction) || last.conditional) {
    text.leave(`${context.blockNumber(end)}`);
  }
  const entry = new BlockText(context.machine, context.layout);
  for (const hook of context.blockHooksAt(address)) entry.hook(hook, address, end - address);
  return text.text(entry.lines);
}

/** What of the flags each instruction must compute: what is read before it is written again. */
function neededFlags(
  { instructions, end }: SourceBlock,
  { liveFlags, semantics }: BlockContext,
): readonly Flags[] {
  let live: Flags = liveBehind(instructions.at(-1)?.instruction, end, liveFlags);
  const needed: Flags[] = [];
  for (const placed of instructions.toReversed()) {
    const { reads, writes } = flagUses(placed, semantics(placed));
    needed.unshift(live);
    if (!placed.conditional) live &= ~writes;
    live |= reads;
  }
  return needed;
}

function writeInstruction(
  text: BlockText,
  placed: PlacedInstruction,
  needed: Flags,
  context: BlockContext,
): void {
  const { instruction, conditional, condition } = placed;
  const isGuarded = conditional && condition !== undefined;
  if (isGuarded) text.line(`if (${flagTest(text, condition)}) {`);
  for (const hook of context.hooksAt(instruction.at)) {
    text.store();
    text.line(`R[${context.machine.registers.programCounter}] = ${instruction.at};`);
    text.hook(hook, instruction.at, instruction.size);
    text.load();
  }
  writeEffect(text, placed, needed, context);
  writeFlow(text, placed, context);
  if (isGuarded) text.line("}");
}

function writeEffect(text: BlockText, placed: PlacedInstruction, needed: Flags, context: BlockContext): void {
  const { at, size, encoding, floatingPoint } = placed.instruction;
  const semantics = context.semantics(placed);
  switch (semantics.kind) {
    case "nothing":
      return;
    case "set":
      text.line(`x = ${text.value(semantics.value)};`);
      if (semantics.lanes !== undefined)
        text.line(`R[${text.layout.lanes}] = ${text.value(semantics.lanes)};`);
      if (semantics.flags !== undefined) setFlags(text, semantics.flags, needed, semantics.value);
      text.set(semantics.register, "x");
      return;
    case "compare":
      setFlags(text, semantics.flags, needed);
      return;
    case "setPair":
      text.line(`x = ${text.value(semantics.low.value)}; t = ${text.value(semantics.high.value)};`);
      text.set(semantics.low.register, "x");
      text.set(semantics.high.register, "t");
      return;
    case "load":
    case "store":
      transfer(text, semantics, at, context.constantAt);
      return;
    case "loadMultiple":
    case "storeMultiple":
      transferMultiple(text, semantics, at);
      return;
    case "exclusive":
      exclusive(text, semantics, at);
      return;
    case "releaseReservation":
      text.line(`R[${text.layout.reservation}] = 0;`);
      return;
    case "readMask":
      text.set(semantics.register, `R[${text.layout.masks + semantics.mask}]`);
      return;
    case "writeMask":
      writeMask(text, semantics);
      return;
    case "table":
      text.line(`t = ${loaded(text, text.value(semantics.address), semantics.bytes, at)};`);
      text.leave(`E.goTo(${at + size} + 2 * t)`);
      return;
    case "other":
      text.store();
      text.line(`E.undescribed(${at}, ${encoding}, ${floatingPoint});`);
  }
}

function writeMask(
  text: BlockText,
  { mask, value, bits, raises, how, old }: Extract<Semantics, { readonly kind: "writeMask" }>,
): void {
  const own = `R[${text.layout.masks + mask}]`;
  text.line(`x = ${text.value(value)} & ${bits};`);
  if (how === "sets") text.line(`x |= ${own};`);
  if (how === "clears") text.line(`x = ${own} & ~x;`);
  if (old !== undefined) text.set(old, own);
  text.line(raises === true ? `if (x !== 0 && (${own} === 0 || x < ${own})) ${own} = x;` : `${own} = x;`);
}

/** Where control goes behind it, if it may go elsewhere than on. */
function writeFlow(text: BlockText, { instruction }: PlacedInstruction, context: BlockContext): void {
  const { flow, at, size, encoding } = instruction;
  const { registers } = context.machine;
  const next = (): string => `${context.blockNumber(at + size)}`;
  const link = (): void => text.set(registers.link, `${registers.codePointer(at + size) | 0}`);
  switch (flow.kind) {
    case "next":
    case "table":
      return;
    case "jump":
      text.leave(`${context.blockNumber(flow.target)}`);
      return;
    case "branch":
      text.leave(`${branchTest(text, flow.test)} ? ${context.blockNumber(flow.target)} : ${next()}`);
      return;
    case "call":
      link();
      text.leave(`${context.blockNumber(flow.target)}`);
      return;
    case "register":
      text.line(`t = ${text.register(flow.register)};`);
      if (flow.link) link();
      text.leave("E.follow(t)");
      return;
    case "loaded":
      text.leave(`E.follow(${text.register(registers.programCounter)})`);
      return;
    case "trap":
      text.store();
      text.line(`E.trap(${at}, ${encoding}, ${size});`);
  }
}
