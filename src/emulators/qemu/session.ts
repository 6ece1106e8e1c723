/** One image and one sequence of operations in QEMU. */
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import type { Code } from "../../machine/code.js";
import { byFunction, namesOf } from "../../traces/operation.js";
import type { ByFunction, HeapOperations } from "../../traces/operation.js";
import type { BatchResult, Fault, Session } from "../engine.js";
import type { BlockTable } from "../block-table.js";
import { ControlBlock, stackTops } from "../control-block.js";
import { labelAddress } from "../image-regions.js";
import { Recorder } from "../recorder.js";
import type { RecorderProblem } from "../recorder.js";
import { faultOfDriver, faultOfProblem, faultOfStrayWrite } from "../replay-faults.js";
import { readExecutionLog, type InstructionListener } from "./execution-log.js";
import { faultOfException } from "./faults.js";
import { Flow } from "./flow.js";
import { QemuMemory, stackBytes } from "./memory.js";
import type { QemuProgram } from "./program.js";
import { Replay } from "./replay.js";

export interface SessionParts {
  readonly program: QemuProgram;
  readonly image: Image;
  readonly target: Target;
  readonly operations: HeapOperations;
  readonly code: Code;
  readonly table: BlockTable;
  readonly checkPayloads: boolean;
  readonly instructionLimit: number;
  readonly traced: number | undefined;
}

/** Length of the log of several operations: a run that would write more is cut into shorter ones. */
const logBytes = 64 << 20;
/** No line of the log is longer, and registers take no more lines. */
const bytesOfInstruction = 120;
const bytesOfRegisters = 320;
const mostOperations = 1024;

export class QemuSession implements Session {
  readonly results: Uint32Array;
  readonly instructions: Uint32Array;
  readonly cycles: Uint32Array;
  readonly maskingCycles: Uint32Array;
  readonly heap: Uint8Array;
  readonly #memory: QemuMemory;
  readonly #control: ControlBlock;
  readonly #replay: Replay;
  readonly #flow: Flow;
  readonly #recorder: Recorder;
  /** Longest log of one operation. */
  readonly #operationLogBytes: number;
  /** Operation in which a run was cut off: it gets a run of its own. */
  #suspect = -1;
  #state: "closed" | "faulted" | "ready" = "faulted";
  #stopped = false;

  constructor(private readonly parts: SessionParts) {
    const { image, target, operations, program, table, code, instructionLimit } = parts;
    this.#memory = new QemuMemory(image, target, operations, code.machine);
    const { scratch } = this.#memory;
    this.#control = new ControlBlock(this.#memory.control, {
      operations: scratch.operations,
      results: scratch.results,
      stacks: stackTops(scratch.stacks, stackBytes),
      heap: image.heapAddress,
      heapBytes: image.heapBytes,
      checkPayloads: parts.checkPayloads,
    });
    const mark = labelAddress(image, "replay_next");
    const observed = [...table.observed()];
    const registers = observed.length > 0;
    this.#operationLogBytes = instructionLimit * (bytesOfInstruction + (registers ? bytesOfRegisters : 0));
    this.#flow = new Flow({ range: image.code, code, observed, mark, traced: parts.traced });
    const entries = byFunction(image.entries, (name) => table.number(image.entries[name] ?? 0));
    this.#recorder = new Recorder(table, operations, entries, instructionLimit, {
      current: () => this.#flow.current,
      begins: () => undefined,
      stop: () => (this.#stopped = true),
    });
    this.results = this.#memory.results;
    this.heap = this.#memory.heap;
    this.instructions = this.#recorder.instructions;
    this.cycles = this.#recorder.cycles;
    this.maskingCycles = this.#recorder.maskingCycles;
    this.#replay = new Replay({ program, image, target, memory: this.#memory, mark, registers });
  }

  reset(heapFill?: number): Fault | undefined {
    if (this.#state === "closed") throw new Error("the session is closed");
    this.#memory.reset(heapFill);
    this.#control.askInit();
    const fault = this.#run(0, 0);
    this.#state = fault === undefined ? "ready" : "faulted";
    return fault === "too-long" ? this.#hang(-1) : fault;
  }

  execute(from: number, to: number): BatchResult {
    if (this.#state !== "ready") throw new Error(`execute in a session that is ${this.#state}: reset first`);
    if (!(from >= 0 && from <= to && to <= this.results.length)) throw new Error(`no batch [${from}, ${to})`);
    for (let at = from; at < to;) {
      const end = Math.min(
        to,
        at === this.#suspect ? at + 1 : at + mostOperations,
        this.#suspect > at ? this.#suspect : to,
      );
      this.#control.askOperations(at, end);
      const fault = this.#run(at, end);
      if (fault === undefined) {
        at = end;
      } else if (fault === "too-long" && end - at > 1) {
        this.#suspect = at + this.#operationsInLog();
      } else {
        this.#state = "faulted";
        const told = fault === "too-long" ? this.#hang(at) : fault;
        return { completed: Math.max(0, told.operation - from), fault: told };
      }
    }
    return { completed: to - from };
  }

  executed(): readonly number[] {
    return this.#flow.executed;
  }

  stackBytes(): ByFunction<number> {
    return byFunction(this.parts.image.entries, (name) => this.#memory.stackUsed(name));
  }

  coverage(): ReadonlyMap<number, number> {
    return this.parts.table.coverage();
  }

  close(): void {
    this.#state = "closed";
    this.#replay.close();
  }

  #run(from: number, to: number): Fault | "too-long" | undefined {
    const end = this.#replay.run(from, to, to - from > 1 ? logBytes : this.#operationLogBytes);
    if (end === "too-long") return end;
    const problem = this.#readLog(from, to);
    if (problem !== undefined) return faultOfProblem(problem, this.parts.instructionLimit);
    const operation = from === to ? -1 : this.#flow.current;
    if (end === "locked-up") {
      return {
        cause: "other",
        operation,
        message: "the core locked up: there is no memory at its stack pointer",
      };
    }
    return (
      this.#faultOfCore() ??
      faultOfDriver(this.#control, this.parts.operations, this.results) ??
      this.#faultOfMemory(to - 1)
    );
  }

  /** Count what the run executed. */
  #readLog(from: number, to: number): RecorderProblem | undefined {
    this.#stopped = false;
    this.#recorder.begin(from, to);
    this.#flow.begin(from === to ? -1 : from, this.#recorder);
    this.#read(this.#flow.instruction, () => !this.#stopped);
    this.#flow.flush();
    return this.#recorder.finish();
  }

  #read(listener: InstructionListener, goOn: () => boolean): void {
    const { statusRegister } = this.parts.code.machine.qemu;
    readExecutionLog({ file: this.#replay.log, statusRegister, listener, goOn });
  }

  /** Operations that ended in a log that was cut off. */
  #operationsInLog(): number {
    let marks = 0;
    const mark = labelAddress(this.parts.image, "replay_next");
    const count = (pc: number): void => {
      if (pc === mark) marks += 1;
    };
    this.#read(count, () => true);
    return Math.max(0, marks - 1);
  }

  #hang(operation: number): Fault {
    const { instructionLimit } = this.parts;
    return {
      cause: "hang",
      operation,
      message: `more than ${instructionLimit} instructions and still running`,
    };
  }

  #faultOfCore(): Fault | undefined {
    const exception = this.#memory.exception();
    if (exception.number === 0) return undefined;
    const taken = { ...exception, operation: this.#control.next, pc: this.#flow.lastInstruction };
    return faultOfException(taken, this.parts.code);
  }

  #faultOfMemory(operation: number): Fault | undefined {
    for (const name of ["init", ...namesOf(this.parts.image.entries)] as const) {
      if (this.#memory.stackUsed(name) <= stackBytes) continue;
      return { cause: "stack-overflow", operation, message: `${name} overflows its stack` };
    }
    const address = this.#memory.strayWrite();
    return address === undefined ? undefined : faultOfStrayWrite(operation, address);
  }
}
