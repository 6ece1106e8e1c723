/** Decodes a stretch of code from end to end, and what its IT blocks cover. */
import type { AddressRange, Placed, UnknownInstruction } from "../../instruction.js";
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
    const found = isWide(first) ? wide(at, first, range, halfword) : decode(at, first, 0);
    const [covers = always, ...others] = covering;
    const conditional = covering.length > 0;
    const condition = flagCondition(covers);
    yield [at, found.kind === "unknown" ? found : { instruction: found, conditional, condition }];
    covering = found.kind === "it" ? found.conditions : others;
    at += found.size;
  }
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
