/**
 * What an instruction computes, for those that decide where control goes. An instruction that is not described here is
 * "other": what it writes (its facts say which registers) is unknown. (ARMv7-M ARM, Arm DDI 0403E, A5 and A7.)
 */
import type { Instruction } from "../instruction.js";
import type { Meaning } from "../../semantics.js";
import { meaning16 } from "./semantics16.js";
import { meaning32 } from "./semantics32.js";

/** @param covered whether an IT block covers it: 16-bit arithmetic then leaves the flags alone. */
export function meaningOf(instruction: Instruction, covered: boolean): Meaning {
  switch (instruction.kind) {
    case "branch":
    case "branchConditional":
    case "compareBranch":
    case "branchExchange":
    case "tableBranch":
    case "call":
    case "it":
    case "nop":
      return { kind: "nothing" };
    case "alu":
    case "multiply":
    case "load":
    case "store":
    case "loadPair":
    case "storePair":
    case "loadMultiple":
    case "storeMultiple":
      return instruction.size === 2
        ? meaning16(instruction.encoding, instruction.at, covered)
        : meaning32(instruction.encoding, instruction.at);
    case "multiplyLong":
    case "divide":
    case "exclusive":
    case "floatArithmetic":
    case "floatLoad":
    case "floatMove":
    case "floatStore":
    case "system":
    case "trap":
      return { kind: "other" };
  }
}
