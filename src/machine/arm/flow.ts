/** Where control goes behind an instruction. */
import type { ControlFlow } from "../instruction.js";
import { constant, register } from "../semantics.js";
import { flagCondition } from "./conditions.js";
import type { Operation } from "./instruction.js";

const next: ControlFlow = { kind: "next" };

/** @param encoding of the instruction: a compare and branch has its register and its sense there */
export function flowOf(operation: Operation, encoding: number): ControlFlow {
  switch (operation.kind) {
    case "branch":
      return { kind: "jump", target: operation.target };
    case "branchConditional": {
      const condition = flagCondition(operation.condition);
      if (condition === undefined) return { kind: "jump", target: operation.target };
      return { kind: "branch", target: operation.target, test: { kind: "flags", condition } };
    }
    case "compareBranch":
      return {
        kind: "branch",
        target: operation.target,
        test: {
          kind: "equal",
          left: register(encoding & 7),
          right: constant(0),
          holds: (encoding & 0x800) === 0,
        },
      };
    case "call":
      return { kind: "call", target: operation.target };
    case "branchExchange":
      return { kind: "register", register: operation.register, link: operation.link };
    case "tableBranch":
      return { kind: "table" };
    case "trap":
      return { kind: "trap" };
    case "load":
    case "loadMultiple":
      return operation.loadsPc ? { kind: "loaded" } : next;
    case "alu":
    case "multiply":
    case "multiplyLong":
    case "divide":
    case "store":
    case "loadPair":
    case "storePair":
    case "storeMultiple":
    case "exclusive":
    case "it":
    case "system":
    case "nop":
    case "floatArithmetic":
    case "floatMove":
    case "floatLoad":
    case "floatStore":
      return next;
  }
}
