/** One image and one sequence of operations on an emulated core. */
import { byFunction, namesOf } from "../../traces/operation.js";
import type { ByFunction } from "../../traces/operation.js";
import type { BatchResult, Fault, Session } from "../engine.js";
import { ControlBlock, stackTops } from "../control-block.js";
import { labelAddress } from "../image-regions.js";
import { Recorder, type PricedStep } from "../recorder.js";
import { faultOfDriver, faultOfProblem, faultOfStrayWrite, hex } from "../replay-faults.js";
import { watchAlignment } from "./alignment.js";
import { faultOfRefused, unalignedRule, watchForbidden } from "./refused-access.js";
import type { RefusedAccess } from "./refused-access.js";
import { RunError, type AccessHook, type Processor } from "./processor.js";
import type { SessionParts } from "./session-parts.js";
import { directionOf, faultOfStop, type ProgramPoint } from "./faults.js";
import { GuestMemory, type WritableMemory } from "./guest-memory.js";
import { stackBytes } from "./memory-map.js";
import { Payloads } from "./payloads.js";
import { readRegisters, writeRegisters, type Registers } from "./registers.js";

/** Longest run of a batch where nothing is counted: a hundred times what the slowest allocator takes for one. */
const uncountedSeconds = 60;

/** Where a session is between two batches. */
export interface SessionState {
  readonly memory: WritableMemory;
  readonly registers: Registers;
}

export class CoreSession implements Session {
  readonly results: Uint32Array;
  readonly instructions: Uint32Array;
  readonly cycles: Uint32Array;
  readonly maskingCycles: Uint32Array;
  /** The way of each operation, as `OperationPath` numbers it; 0 where nothing is counted. */
  readonly paths: Uint32Array;
  readonly heap: Uint8Array;
  readonly #processor: Processor;
  readonly #memory: GuestMemory;
  readonly #control: ControlBlock;
  readonly #recorder: Recorder;
  readonly #payloads: Payloads | undefined;
  readonly #start: number;
  readonly #stop: number;
  /** Operation that the batch began with. */
  #first = 0;
  /** Operation that began last, where nothing is counted. */
  #last = -1;
  #state: "closed" | "faulted" | "ready" = "faulted";
  #invalidAddress: number | undefined;
  #exception: number | undefined;
  /** What the host found wrong with a payload. */
  #payloadFault: Fault | undefined;
  /** Instructions of the traced operation. */
  readonly #executed: number[] = [];
  #refused: RefusedAccess | undefined;

  constructor(private readonly parts: SessionParts) {
    const { image, operations, processor, table, instructionLimit, driver } = parts;
    this.#processor = processor;
    this.#start = labelAddress(image, "replay_start");
    this.#stop = labelAddress(image, "replay_stop");
    this.#memory = new GuestMemory(processor, image, operations, driver);
    this.#control = new ControlBlock(this.#memory.control, {
      operations: driver.operations,
      results: driver.results,
      stacks: stackTops(driver.stacks, stackBytes),
      heap: image.heapAddress,
      heapBytes: image.heapBytes,
      checkPayloads: parts.payloads === "guest",
    });
    const entries = byFunction(image.entries, (name) => table.number(image.entries[name] ?? 0));
    this.results = this.#memory.results;
    this.heap = this.#memory.image.heap;
    const host = {
      current: () => this.#control.next,
      begins: (operation: number) => this.#begins(operation),
      stop: () => processor.stop(),
    };
    this.#recorder = new Recorder(table, operations, entries, instructionLimit, host, parts.traced);
    this.instructions = this.#recorder.instructions;
    this.cycles = this.#recorder.cycles;
    this.maskingCycles = this.#recorder.maskingCycles;
    this.paths = this.#recorder.paths;
    if (parts.payloads === "host") {
      this.#payloads = new Payloads(this.heap, image.heapAddress, operations, this.results);
    }
    this.#observe();
    processor.save();
  }

  reset(heapFill?: number): Fault | undefined {
    this.#assertOpen();
    this.#memory.reset(heapFill);
    this.#processor.restore();
    this.#control.askInit();
    const fault = this.#run(0, 0);
    this.#state = fault === undefined ? "ready" : "faulted";
    return fault;
  }

  execute(from: number, to: number): BatchResult {
    if (this.#state !== "ready") throw new Error(`execute in a session that is ${this.#state}: reset first`);
    if (!(from >= 0 && from <= to && to <= this.results.length)) throw new Error(`no batch [${from}, ${to})`);
    if (from === to) return { completed: 0 };
    this.#control.askOperations(from, to);
    const fault = this.#run(from, to);
    if (fault === undefined) return { completed: to - from };
    this.#state = "faulted";
    return { completed: Math.max(0, fault.operation - from), fault };
  }

  /** For a session of the same image and operations. @param into one that is overwritten */
  save(into?: SessionState): SessionState {
    return { memory: this.#memory.save(into?.memory), registers: readRegisters(this.#processor) };
  }

  /** To go on where another session was. @param results what operations before returned there */
  resume({ memory, registers }: SessionState, results: Uint32Array): void {
    this.#assertOpen();
    this.#memory.restore(memory);
    writeRegisters(this.#processor, registers);
    this.results.set(results);
    this.#state = "ready";
  }

  executed(): readonly number[] {
    return this.#executed;
  }

  /** The instructions of the traced operation in their order, each with its modelled cycles: together those of the operation. */
  priced(): readonly PricedStep[] {
    return this.#recorder.priced;
  }

  stackBytes(): ByFunction<number> {
    return byFunction(this.parts.image.entries, (name) => this.#memory.stackUsed(name));
  }

  coverage(): ReadonlyMap<number, number> {
    return this.parts.table.coverage();
  }

  close(): void {
    this.#state = "closed";
    this.#processor.close();
  }

  #assertOpen(): void {
    if (this.#state === "closed") throw new Error("the session is closed");
  }

  #observe(): void {
    const { image, table, checkAlignment, count, traced, forbidden } = this.parts;
    const processor = this.#processor;
    if (traced !== undefined) {
      const { start, end } = image.code;
      processor.onBlock({ begin: start, end: end - 1 }, (address, bytes) => {
        if (this.#control.next === traced) this.#keep(address, bytes);
      });
    }
    if (count) {
      const { start, end } = image.code;
      processor.onBlock({ begin: start, end: end - 1 }, this.#recorder.block);
      for (const address of table.observed()) {
        processor.onInstruction({ begin: address, end: address }, this.#recorder.conditional);
      }
    } else if (this.#payloads !== undefined) {
      for (const name of namesOf(image.entries)) {
        const entry = image.entries[name] ?? 0;
        processor.onBlock({ begin: entry, end: entry }, () => this.#entered(this.#control.next));
      }
    }
    processor.onInvalidAccess((address) => (this.#invalidAddress = address));
    processor.onException((exception) => {
      this.#exception ??= exception;
      processor.stop();
    });
    if (checkAlignment) {
      const { address, bytes } = this.#memory.image.heapRegion;
      processor.onAccess({ begin: address, end: address + bytes - 1 }, this.#unaligned, "unaligned");
    } else {
      watchAlignment(processor, this.parts.code, (found) => (this.#refused ??= found));
    }
    watchForbidden(processor, forbidden, (access, direction) => {
      this.#refused ??= { ...access, point: this.#point(direction) };
    });
  }

  #keep(address: number, bytes: number): void {
    const block = this.parts.code.block(address, address + bytes);
    if ("kind" in block) this.#executed.push(address);
    else this.#executed.push(...block.instructions.map(({ instruction }) => instruction.at));
  }

  /** A function of the allocator begins; one that another of them calls begins no operation. */
  #entered(operation: number): void {
    if (operation === this.#last) return;
    this.#last = operation;
    this.#begins(operation);
  }

  /** The driver is about to call the allocator for `operation`; the one before it ended. */
  #begins(operation: number): void {
    if (this.#payloads === undefined || this.#payloadFault !== undefined) return;
    const fault =
      (operation > this.#first ? this.#payloads.after(operation - 1) : undefined) ??
      this.#payloads.before(operation);
    if (fault === undefined) return;
    this.#payloadFault = fault;
    this.#processor.stop();
  }

  readonly #unaligned: AccessHook = (address, _bytes, direction) => {
    if (this.#refused !== undefined) return;
    const point = this.#point(direction);
    this.#refused = { cause: "unaligned-access", point, address, rule: unalignedRule };
    this.#processor.stop();
  };

  /** Where the processor is. */
  #point(direction: "read" | "write" | undefined): ProgramPoint {
    const { pc: own, isExact } = this.#processor;
    if (isExact || direction === undefined) return { pc: own, exact: true };
    // Blocks that lead to each other by branches alone leave Unicorn's at the first of them.
    const { start, end } = this.parts.image.code;
    const pc = own >= start && own < end ? (this.#recorder.lastBlock ?? own) : own;
    const accessor = this.parts.table.accessor(pc, direction);
    return accessor === undefined ? { pc, exact: false } : { pc: accessor, exact: true };
  }

  #run(from: number, to: number): Fault | undefined {
    this.#invalidAddress = undefined;
    this.#exception = undefined;
    this.#refused = undefined;
    this.#payloadFault = undefined;
    this.#first = from;
    this.#last = -1;
    const [argument = 0] = this.#processor.machine.calls.argumentRegisters;
    this.#processor.writeRegister(argument, this.parts.driver.control);
    this.#recorder.begin(from, to);
    const error = this.#processor.run(this.#start, this.#stop, this.parts.count ? 0 : uncountedSeconds);
    const problem = this.#recorder.finish();
    if (problem !== undefined) return faultOfProblem(problem, this.parts.instructionLimit);
    return (
      this.#faultOfRun(error) ??
      this.#payloadFault ??
      faultOfDriver(this.#control, this.parts.operations, this.results) ??
      this.#strayWrite(to - 1) ??
      (to > from ? this.#payloads?.after(to - 1) : undefined)
    );
  }

  #faultOfRun(error: number): Fault | undefined {
    const operation = this.#control.next;
    if (this.#refused !== undefined) return { operation, ...faultOfRefused(this.#refused) };
    if (error === RunError.ok && this.#exception === undefined) return this.#timeout();
    return faultOfStop({
      error,
      errorText: this.#processor.errorText(error),
      operation,
      point: this.#point(directionOf(error)),
      address: this.#invalidAddress,
      exception: this.#exception,
      stacks: this.parts.driver.stacks,
      machine: this.#processor.machine,
    });
  }

  /** Where nothing is counted, time alone tells that a function does not return. */
  #timeout(): Fault | undefined {
    if (this.parts.count || this.#payloadFault !== undefined) return undefined;
    const { pc } = this.#processor;
    if (pc === this.#stop) return undefined;
    const message = `more than ${uncountedSeconds} seconds and still running at ${hex(pc)}`;
    return { cause: "hang", operation: this.#control.next, pc, message };
  }

  #strayWrite(operation: number): Fault | undefined {
    const address = this.#memory.image.strayWrite();
    return address === undefined ? undefined : faultOfStrayWrite(operation, address);
  }
}
