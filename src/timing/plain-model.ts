/** The plain table: a price for each kind of instruction, and the rule of neighbouring loads and stores. */
import type { CycleTable, Target } from "../targets/target.js";
import { cycles } from "../units.js";
import type { Block } from "./code.js";
import { mayLeave } from "./instruction.js";
import type { Instruction, RegisterSet } from "./instruction.js";
import type { BlockPrice, ConditionalPrice, CycleModel } from "./model.js";

/** An instruction that IT skips takes one cycle. */
const skippedCycles = 1;

/** The model of the target's own table. */
export function plainModel({ cycleModel }: Target): CycleModel {
  const { name, estimate, table } = cycleModel;
  return { name, estimate, priceBlock: (block) => priceBlock(block, table) };
}

function priceBlock(block: Block, table: CycleTable): BlockPrice {
  const conditional: ConditionalPrice[] = [];
  const end = block.instructions.at(-1);
  let sum = 0;
  let last: Price = { notTaken: 0, taken: 0 };
  let before: Instruction | undefined;
  for (const placed of block.instructions) {
    const { instruction } = placed;
    const price = priceInstruction(instruction, before, table);
    before = instruction;
    if (placed === end && mayLeave(instruction)) {
      last = placed.conditional ? { notTaken: skippedCycles, taken: price.taken } : price;
    } else if (placed.conditional) {
      sum += skippedCycles;
      const extra = price.notTaken - skippedCycles;
      if (extra !== 0) conditional.push({ at: instruction.at, extra: cycles(extra) });
    } else {
      sum += price.notTaken;
    }
  }
  return { notTaken: cycles(sum + last.notTaken), taken: cycles(sum + last.taken), conditional };
}

interface Price {
  readonly notTaken: number;
  readonly taken: number;
}

const always = (price: number): Price => ({ notTaken: price, taken: price });

function priceInstruction(
  instruction: Instruction,
  before: Instruction | undefined,
  table: CycleTable,
): Price {
  switch (instruction.kind) {
    case "alu":
    case "it":
    case "nop":
    case "trap":
    case "floatArithmetic":
    case "floatMove":
      return always(table.alu);
    case "multiply":
      return always(table.multiply);
    case "multiplyLong":
      return always(table.multiplyLong);
    case "divide":
      return always(table.divide);
    case "load": {
      const single = isPipelined(instruction.address, before) ? table.loadPipelined : table.load;
      return always(single + (instruction.loadsPc ? table.loadPcExtra : 0));
    }
    case "store":
      return always(isPipelined(instruction.address, before) ? table.loadPipelined : table.store);
    case "exclusive":
      return always(table.load);
    case "loadPair":
    case "storePair":
      return always(table.pair);
    case "loadMultiple":
      return always(table.multipleBase + instruction.count + (instruction.loadsPc ? table.loadPcExtra : 0));
    case "storeMultiple":
      return always(table.multipleBase + instruction.count);
    case "floatLoad":
    case "floatStore":
      return always(table.multipleBase + instruction.words);
    case "branch":
      return always(table.branchTaken);
    case "branchConditional":
    case "compareBranch":
      return { notTaken: table.branchNotTaken, taken: table.branchTaken };
    case "call":
      return always(table.call);
    case "branchExchange":
      return always(table.branchExchange);
    case "tableBranch":
      return always(table.load + table.loadPcExtra);
    case "system":
      return always(table.system);
  }
}

/** Straight after another single load or store, and not addressing with what that loaded or wrote back. */
function isPipelined(address: RegisterSet, before: Instruction | undefined): boolean {
  if (before === undefined || (before.kind !== "load" && before.kind !== "store")) return false;
  return (before.writes & address) === 0;
}
