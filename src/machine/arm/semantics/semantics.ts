/**
 * What an instruction computes, for those that decide where control goes. An instruction that is not described here is
 * "other": what it writes (its facts say which registers) is unknown. (ARMv7-M ARM, Arm DDI 0403E, A5 and A7.)
 */
import type { Instruction } from "../instruction.js";
import type { Semantics } from "../../semantics.js";
import { narrowSemantics } from "./semantics16.js";
import { wideSemantics } from "./semantics32.js";
import { systemSemantics } from "./system.js";

/** @param covered whether an IT block covers it: 16-bit arithmetic then leaves the flags alone. */
export function semanticsOf(instruction: Instruction, covered: boolean): Semantics {
  switch (instruction.kind) {
    case "branch":
    case "branchConditional":
    case "compareBranch":
    case "branchExchange":
    case "call":
    case "it":
    case "nop":
    case "trap":
      return { kind: "nothing" };
    case "system":
      return systemSemantics(instruction.encoding, instruction.size);
    case "tableBranch":
    case "exclusive":
    case "divide":
    case "multiplyLong":
    case "alu":
    case "multiply":
    case "load":
    case "store":
    case "loadPair":
    case "storePair":
    case "loadMultiple":
    case "storeMultiple":
      return instruction.size === 2
        ? narrowSemantics(instruction.encoding, instruction.at, covered)
        : wideSemantics(instruction.encoding, instruction.at);
    case "floatArithmetic":
    case "floatLoad":
    case "floatMove":
    case "floatStore":
      return { kind: "other" };
  }
}
