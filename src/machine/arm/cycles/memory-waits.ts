/** What slow memory adds to the data of an instruction, on cores that wait for each word. */
import type { RamTiming, SlowMemory } from "../../cycle-model.js";
import type { Instruction } from "../instruction.js";

/** Words that are transferred one after the other. */
function transfers(instruction: Instruction): number {
  switch (instruction.kind) {
    case "load":
    case "store":
    case "exclusive":
      return 1;
    case "loadPair":
    case "storePair":
      return 2;
    case "loadMultiple":
    case "storeMultiple":
      return instruction.count;
    case "floatLoad":
    case "floatStore":
      return instruction.words;
    case "alu":
    case "nop":
    case "trap":
    case "it":
    case "multiply":
    case "multiplyLong":
    case "divide":
    case "branch":
    case "call":
    case "branchConditional":
    case "compareBranch":
    case "branchExchange":
    // The table stands behind the instruction, in memory that fetch has read.
    case "tableBranch":
    case "system":
    case "floatArithmetic":
    case "floatMove":
      return 0;
  }
}

/**
 * A literal stands in flash beside its code, and is read with the same wait states: of all data, only its address is known.
 * The rest is taken to be in RAM, where the heap and the stack are.
 */
export function dataWaits(instruction: Instruction, flash: SlowMemory, ram: RamTiming): number {
  const isLiteral = instruction.kind === "load" && instruction.address === 0;
  if (!isLiteral) return ram.waitStates * transfers(instruction);
  return instruction.at >= flash.start && instruction.at < flash.end ? flash.waitStates : 0;
}
