/** Which flags an instruction reads and writes. */
import type { Instruction, PlacedInstruction } from "../../machine/instruction.js";
import type { Condition, Expression, FlagEffect, Semantics } from "../../machine/semantics.js";

/** Bits: 1 N and Z, 2 C, 4 V. */
export type Flags = number;
const resultFlags = 1;
const carryFlag = 2;
const overflowFlag = 4;
export const allFlags: Flags = resultFlags | carryFlag | overflowFlag;

const tested: Readonly<Record<Condition["test"], Flags>> = {
  zero: resultFlags,
  negative: resultFlags,
  below: carryFlag,
  above: carryFlag | resultFlags,
  belowSigned: resultFlags | overflowFlag,
  aboveSigned: resultFlags | overflowFlag,
  overflow: overflowFlag,
};

export interface FlagUses {
  readonly reads: Flags;
  /** Whatever they were before. */
  readonly writes: Flags;
}

export function flagUses(
  { instruction: { flow }, condition, conditional }: PlacedInstruction,
  semantics: Semantics,
): FlagUses {
  const guard = conditional && condition !== undefined ? tested[condition.test] : 0;
  const branch = flow.kind === "branch" && flow.test.kind === "flags" ? tested[flow.test.condition.test] : 0;
  const effect = semantics.kind === "set" || semantics.kind === "compare" ? semantics.flags : undefined;
  const value = semantics.kind === "set" ? readsCarry(semantics.value) : 0;
  const { reads, writes } = effect === undefined ? { reads: 0, writes: 0 } : usesOf(effect);
  return { reads: guard | branch | value | reads, writes };
}

function usesOf({ result, compared, carry }: FlagEffect): FlagUses {
  if (compared !== undefined) return { reads: 0, writes: allFlags };
  switch (carry?.kind) {
    case "sum":
      return { reads: carry.withCarry ? carryFlag : 0, writes: allFlags };
    case "shift": {
      const moves = carry.amount.kind === "constant" && carry.amount.value !== 0;
      return moves
        ? { reads: readsCarry(result), writes: resultFlags | carryFlag }
        : { reads: carryFlag, writes: resultFlags };
    }
    case "constant":
      return { reads: 0, writes: resultFlags | carryFlag };
    case undefined:
      return { reads: readsCarry(result), writes: resultFlags };
  }
}

function readsCarry(expression: Expression): Flags {
  switch (expression.kind) {
    case "carry":
      return carryFlag;
    case "register":
    case "constant":
    case "lanes":
      return 0;
    case "saturated":
    case "leadingZeros":
    case "reversed":
      return readsCarry(expression.of);
    case "add":
    case "sub":
    case "and":
    case "or":
    case "xor":
    case "mul":
    case "below":
    case "belowSigned":
    case "shl":
    case "shr":
    case "sar":
    case "rotate":
    case "divide":
    case "divideSigned":
    case "highProduct":
    case "highProductSigned":
    case "addSaturated":
    case "subSaturated":
      return readsCarry(expression.left) | readsCarry(expression.right);
  }
}

/** The flags that may be read behind a block. @param last its last instruction @param live those read from an address on */
export function liveBehind(
  last: Instruction | undefined,
  end: number,
  live: (address: number) => Flags,
): Flags {
  const flow = last?.flow ?? { kind: "next" };
  switch (flow.kind) {
    case "next":
      return live(end);
    case "jump":
      return live(flow.target);
    case "branch":
      return live(flow.target) | live(end);
    case "call":
    case "register":
    case "loaded":
    case "table":
    case "trap":
      return allFlags;
  }
}
