/** The plain table: a price for each kind of instruction, and the rule of neighbouring loads and stores. */
import type { CycleTable, Target } from "../../../targets/target.js";
import { cycles } from "../../../units.js";
import type { Instruction, RegisterSet } from "../instruction.js";
import { alwaysLeaves } from "../../cycle-model.js";
import type { CycleModel, PipelineState } from "../../cycle-model.js";

/** An instruction that IT skips takes one cycle. */
const skippedCycles = 1;

/** The instruction before is no single load or store. */
const nothing: PipelineState = -1;

/** The model of the target's own table. A state is the set of registers that the load or store before wrote. */
export function plainModel({ name, cycleModel: { table, estimate } }: Target): CycleModel {
  return {
    name: `${name} plain table`,
    estimate,
    start: nothing,
    step(state, instruction, outcome) {
      if (outcome === "skipped") return { cycles: cycles(skippedCycles), next: nothing };
      const price = priceInstruction(instruction, state, table);
      if (outcome === "taken" || alwaysLeaves(instruction))
        return { cycles: cycles(price.taken), next: nothing };
      return { cycles: cycles(price.notTaken), next: stateBehind(instruction) };
    },
    feelsExecution(instruction) {
      const price = priceInstruction(instruction, nothing, table).notTaken;
      return price !== skippedCycles || stateBehind(instruction) !== nothing;
    },
  };
}

const stateBehind = ({ kind, writes }: Instruction): PipelineState =>
  kind === "load" || kind === "store" ? writes : nothing;

interface Price {
  readonly notTaken: number;
  readonly taken: number;
}

const always = (price: number): Price => ({ notTaken: price, taken: price });

function priceInstruction(instruction: Instruction, before: PipelineState, table: CycleTable): Price {
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
const isPipelined = (address: RegisterSet, before: PipelineState): boolean =>
  before !== nothing && (before & address) === 0;
