/** Decodes a stretch of code from end to end, and what its IT blocks cover. */
import { mayLeave, type AddressRange, type Placed, type UnknownInstruction } from "../../instruction.js";
import { flagCondition } from "../conditions.js";
import { always, type Condition, type Instruction } from "../instruction.js";
import { decode, isWide } from "./decoder.js";

/** Every instruction of `range`, by its address. @param halfword reads the halfword at an address of the range */
export function* placedInstructions(
  range: AddressRange,
  halfword: (at: number) => number,
): Generator<readonly [at: number, placed: Placed]> {
  let covering: readonly Condition[] = [];
  let at = range.start;
  while (at + 2 <= range.end) {
    const first = halfword(at);
    const found = inPlace(
      isWide(first) ? wide(at, first, range, halfword) : decode(at, first, 0),
      covering.length,
    );
    const [covers = always, ...others] = covering;
    const conditional = covering.length > 0;
    const condition = flagCondition(covers);
    yield [at, found.kind === "unknown" ? found : { instruction: found, conditional, condition }];
    covering = found.kind === "it" ? found.conditions : others;
    at += found.size;
  }
}

/**
 * In an IT block some instructions are UNPREDICTABLE, and anywhere but at its end all that may lead elsewhere (ARMv7-M ARM, Arm
 * DDI 0403E, A7.7, at each of them).
 * @param covered how many instructions the block still covers, this one included
 */
function inPlace(found: Instruction | UnknownInstruction, covered: number): Instruction | UnknownInstruction {
  if (found.kind === "unknown" || covered === 0) return found;
  const { at, size, encoding } = found;
  const isAllowed = !isNeverCovered(found) && (covered === 1 || found.kind === "trap" || !mayLeave(found));
  return isAllowed ? found : { kind: "unknown", at, size, encoding };
}

function isNeverCovered({ kind, size, encoding }: Instruction): boolean {
  if (kind === "it" || kind === "compareBranch" || kind === "branchConditional") return true;
  if (size === 4) return false;
  // CPS, for MRS and MSR are wide; MOVS of two low registers without a shift.
  return kind === "system" || (kind === "alu" && encoding < 0x40);
}

/** A 32-bit instruction that the range's end cuts in two is none. */
function wide(
  at: number,
  first: number,
  range: AddressRange,
  halfword: (at: number) => number,
): Instruction | UnknownInstruction {
  if (at + 4 > range.end) return { kind: "unknown", at, size: 4, encoding: (first << 16) >>> 0 };
  return decode(at, first, halfword(at + 2));
}
