/** Attributes instructions and cycles to operations, from the blocks that were executed. */
import { cyclesOf, situationAfter } from "../machine/block-prices.js";
import { OperationCode, namesOf } from "../traces/operation.js";
import type { ByFunction, HeapOperations } from "../traces/operation.js";
import type { BlockProblem, BlockTable } from "./block-table.js";
import { OperationPath } from "./operation-path.js";

/** Blocks logged before the log is priced. Large enough for pricing to be one tight loop, small enough for the cache. */
const logLength = 1 << 14;

/** Why the run must stop. `operation` is -1 during init. */
export type RecorderProblem = { readonly operation: number } & (
  | { readonly cause: "hang"; readonly pc: number }
  | BlockProblem
  /** The driver called what no operation asked for: control came to it by another way. */
  | { readonly cause: "out-of-step"; readonly pc: number }
);

/** Numbers of the blocks where the functions begin. */
export type EntryBlocks = ByFunction<number>;

/** What the recorder asks of its session. */
export interface RecorderHost {
  /** The operation that the driver is at; -1 during init. */
  readonly current: () => number;
  /** Operation `current()` begins: its first instruction comes next. */
  readonly begins: (operation: number) => void;
  readonly stop: () => void;
}

/** Adds up the cycles of blocks between the one that ends by masking interrupts and the one that ends by restoring. */
class InterruptMasking {
  longest = 0;
  #cycles = 0;
  #isMasked = false;

  /** A new operation. */
  begin(): void {
    this.longest = 0;
    this.#isMasked = false;
  }

  /** A block of so many cycles; `mask` is what its last instruction does (`BlockTable.mask`). */
  pass(cycles: number, mask: number): void {
    if (this.#isMasked) this.#cycles += cycles;
    if (this.#isMasked && this.#cycles > this.longest) this.longest = this.#cycles;
    if (mask === 1 && !this.#isMasked) this.#cycles = 0;
    if (mask !== 0) this.#isMasked = mask === 1;
  }
}

/** One instruction as it was executed, or skipped for its condition. */
export interface PricedStep {
  readonly at: number;
  readonly cycles: number;
}

/** Marks a block that begins an operation. */
const beginsOperation = 1 << 30;

/**
 * The log holds block numbers, in order, and between them the complement of the number of each instruction
 * that may be skipped and executed. A block's cost depends on the next one: whether its last branch was taken. An operation begins at
 * a function's first block when the driver's count went on since: a call from within the allocator to its own
 * entry, or a loop that goes back there, belongs to the same operation.
 */
export class Recorder {
  readonly instructions: Uint32Array;
  readonly cycles: Uint32Array;
  /** Cycles of the longest stretch with interrupts kept out. */
  readonly maskingCycles: Uint32Array;
  /** The way of each operation, as `OperationPath` numbers it. */
  readonly paths: Uint32Array;
  readonly #log = new Int32Array(logLength);
  #logged = 0;
  /** Operation whose blocks are being logged; one less than the first before its first block. */
  #current = -1;
  /** Operation that the batch begins with. */
  #first = 0;
  /** Operation whose blocks are being priced. */
  #operation = -1;
  #initialising = false;
  /** The last block priced waits for the next one; -1: none. */
  #pending = -1;
  /** What of it executed. */
  #variant = 0;
  #situation = 0;
  #instructions = 0;
  #cycles = 0;
  readonly #interruptMasking = new InterruptMasking();
  readonly #path: OperationPath;
  #problem: RecorderProblem | undefined;
  /** Code of the operation whose function begins at each block; 0: none. */
  readonly #functionAt: Uint8Array;
  /** Of the traced operation. */
  readonly priced: PricedStep[] = [];

  constructor(
    private readonly table: BlockTable,
    private readonly operations: HeapOperations,
    entries: EntryBlocks,
    private readonly instructionLimit: number,
    private readonly host: RecorderHost,
    /** Operation whose instructions are kept with their cycles; -1: none. */
    private readonly traced = -1,
  ) {
    this.instructions = new Uint32Array(operations.length);
    this.cycles = new Uint32Array(operations.length);
    this.maskingCycles = new Uint32Array(operations.length);
    this.paths = new Uint32Array(operations.length);
    this.#path = new OperationPath(table.bytes.length);
    this.#functionAt = new Uint8Array(Math.max(...namesOf(entries).map((name) => entries[name] ?? 0)) + 1);
    for (const name of namesOf(entries)) this.#functionAt[entries[name] ?? 0] = OperationCode[name];
  }

  /** Address of the block that began last; undefined: none was counted since `begin`. */
  get lastBlock(): number | undefined {
    for (let index = this.#logged - 1; index >= 0; index--) {
      const entry = this.#log[index] ?? 0;
      if (entry >= 0) return this.table.address(entry & ~beginsOperation);
    }
    return this.#pending < 0 ? undefined : this.table.address(this.#pending);
  }

  /** Before operations [from, to) run; `from` = `to` for init alone. */
  begin(from: number, to: number): void {
    this.#logged = 0;
    this.#initialising = from === to;
    this.#first = from;
    this.#current = from - 1;
    this.#operation = from - 1;
    this.#pending = -1;
    this.#situation = this.table.prices.start;
    this.#instructions = 0;
    this.#cycles = 0;
    this.#problem = undefined;
  }

  /** After the run: price what is left. The first problem found, if any. */
  finish(): RecorderProblem | undefined {
    this.#price();
    if (this.#pending >= 0) this.#charge(this.#pending, -1);
    this.#endOperation();
    return this.#problem;
  }

  /** A block begins to execute. */
  readonly block = (address: number, bytes: number): void => {
    const number = this.table.number(address);
    let entry = number;
    const code = this.#functionAt[number] ?? 0;
    if (code !== 0) {
      const current = this.host.current();
      if (current !== this.#current) {
        entry |= beginsOperation;
        this.#beginOperation(number, code, current);
      }
    }
    // What cannot be executed costs nothing, and the run ends there.
    if (this.table.bytes[number] !== bytes && !this.#learn(address, bytes)) return;
    this.#log[this.#logged++] = entry;
    if (this.#logged === logLength) this.#price();
  };

  /** An instruction that may be skipped executes. */
  readonly conditional = (address: number): void => {
    if (this.#problem !== undefined) return;
    this.#log[this.#logged++] = ~this.table.number(address);
    if (this.#logged === logLength) this.#price();
  };

  #beginOperation(number: number, code: number, current: number): void {
    if (this.#initialising) return;
    this.#current += 1;
    if (current !== this.#current || code !== this.operations.kind[current]) {
      this.#fail({ cause: "out-of-step", operation: this.#current, pc: this.table.address(number) });
    }
    this.host.begins(current);
  }

  /** @returns whether the block can be executed */
  #learn(address: number, bytes: number): boolean {
    // What is logged was executed with the length known so far.
    this.#price();
    const problem = this.table.learn(address, bytes);
    if (problem !== undefined) this.#fail({ ...problem, operation: this.#initialising ? -1 : this.#current });
    return problem === undefined;
  }

  /** The loop that all counting goes through. */
  #price(): void {
    const log = this.#log;
    const logged = this.#logged;
    const { variant, prices } = this.table;
    for (let index = 0; index < logged; index += 1) {
      const entry = log[index] ?? 0;
      if (entry < 0) {
        this.#variant = prices.executing(this.#variant, this.table.address(~entry));
        continue;
      }
      const number = entry & ~beginsOperation;
      if (this.#pending >= 0) this.#charge(this.#pending, number === entry ? number : -1);
      if (number !== entry) {
        this.#endOperation();
        this.#operation += 1;
      }
      this.#pending = number;
      this.#variant = variant[number] ?? 0;
    }
    this.#logged = 0;
    this.#watch();
  }

  /** `next` is -1 after the last return of an operation. */
  #charge(number: number, next: number): void {
    const { table } = this;
    const taken = table.following[number] !== next;
    const pass = table.prices.pass(this.#situation, this.#variant, taken ? 1 : 0);
    if (this.#operation === this.traced && !this.#initialising) {
      for (const { at, cycles } of table.prices.steps(this.#situation, this.#variant, taken ? 1 : 0))
        this.priced.push({ at, cycles });
    }
    this.#instructions += table.instructions[number] ?? 0;
    this.#cycles += cyclesOf(pass);
    this.#interruptMasking.pass(cyclesOf(pass), table.mask[number] ?? 0);
    this.#path.pass(number, taken ? 1 : 0);
    this.#situation = situationAfter(pass);
    const branch = table.branch[number] ?? -1;
    if (branch >= 0) table.branchSeen[branch] = (table.branchSeen[branch] ?? 0) | (taken ? 1 : 2);
  }

  #endOperation(): void {
    this.#watch();
    const path = this.#path.end();
    if (!this.#initialising && this.#operation >= this.#first) {
      this.instructions[this.#operation] = this.#instructions;
      this.cycles[this.#operation] = this.#cycles;
      this.maskingCycles[this.#operation] = this.#interruptMasking.longest;
      this.paths[this.#operation] = path;
    }
    this.#interruptMasking.begin();
    this.#instructions = 0;
    this.#cycles = 0;
    this.#situation = this.table.prices.start;
  }

  #watch(): void {
    if (this.#instructions <= this.instructionLimit) return;
    const operation = this.#initialising ? -1 : this.#operation;
    this.#fail({ cause: "hang", operation, pc: this.table.address(Math.max(0, this.#pending)) });
  }

  /** The first problem is the one told: later ones follow from it. */
  #fail(problem: RecorderProblem): void {
    this.#problem ??= problem;
    this.host.stop();
  }
}
