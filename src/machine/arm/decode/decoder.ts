/** Decodes Thumb code of the M profile. What no manual defines is not known: an answer, never a guess. */
import { encodings16 } from "./decoder16.js";
import { encodings32 } from "./decoder32.js";
import { EncodingTable } from "./encoding.js";
import type { UnknownInstruction } from "../../instruction.js";
import { flowOf } from "../flow.js";
import { SP, type Instruction } from "../instruction.js";
import { maskEffect } from "../mask-effect.js";

const table16 = new EncodingTable(encodings16, 16);
const table32 = new EncodingTable(encodings32, 32);

/** Whether a first halfword begins a 32-bit instruction: its five high bits are 11101, 11110 or 11111. */
export const isWide = (halfword: number): boolean => halfword >>> 11 >= 0b11101;

/** The instruction at `at`; `second` is read for wide instructions only. */
export function decode(at: number, first: number, second: number): Instruction | UnknownInstruction {
  if (isWide(first)) return decodeWith(table32, at, ((first << 16) | second) >>> 0, 4);
  return decodeWith(table16, at, first, 2);
}

const nothing = {
  reads: 0,
  writes: 0,
  floatReads: 0,
  floatWrites: 0,
  floatingPoint: false,
  memory: undefined,
} as const;

function decodeWith(
  table: EncodingTable,
  at: number,
  encoding: number,
  size: 2 | 4,
): Instruction | UnknownInstruction {
  const found = table.lookUp(encoding, at);
  if (found === undefined) return { kind: "unknown", at, size, encoding };
  return {
    ...nothing,
    ...found,
    machine: "arm",
    at,
    size,
    encoding,
    flow: flowOf(found, encoding),
    saves: found.kind === "storeMultiple" && found.base === SP,
    mask: maskEffect({ kind: found.kind, size, encoding }),
  };
}
