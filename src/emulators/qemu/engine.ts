/**
 * QEMU as an engine: a whole machine in a process of its own, run once for each batch. It notices what the machine
 * notices, which is less than other engines do: the first page can be read, and QEMU 7.2 lets a core make
 * unaligned accesses that allows none.
 */
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import type { CycleModel } from "../../machine/cycle-model.js";
import type { Machine } from "../../machine/machine.js";
import { defaultMachine } from "../../machine/registry.js";
import { coreModel } from "../../targets/core-model.js";
import { imageCode } from "../../toolchain/code-ranges.js";
import type { HeapOperations } from "../../traces/operation.js";
import type { Engine, SessionOptions } from "../engine.js";
import { BlockTable } from "../block-table.js";
import { findQemu, qemuFailure } from "./program.js";
import { QemuSession } from "./session.js";

/** Lower than other engines': QEMU writes a line for each instruction. */
const defaultInstructionLimit = 1_000_000;

/** Options of this engine beside those of every engine. */
export interface QemuOptions extends SessionOptions {
  /** By default the model of the target's core. */
  readonly model?: CycleModel;
}

export interface QemuEngine extends Engine {
  open(image: Image, target: Target, operations: HeapOperations, options?: QemuOptions): QemuSession;
}

/** A board has the memory that it has. */
function refuseBeyondBoard({ heapAddress, heapBytes }: Image, { memory: { ram } }: Target): void {
  if (heapAddress + heapBytes <= ram.origin + ram.length) return;
  throw qemuFailure(
    "loading",
    `the heap of ${heapBytes} bytes ends beyond the ${ram.length} bytes of the machine's RAM (--engine unicorn has no such limit)`,
  );
}

/**
 * Its version is that of QEMU for `machine`; images of other machines run in theirs.
 * @throws AllocGenError, exit code 3, where QEMU for the machine is missing; so does `open`.
 */
export function qemuEngine({ qemu }: Pick<Machine, "qemu"> = defaultMachine): QemuEngine {
  const program = findQemu(qemu);
  return {
    name: "qemu",
    version: program.version,
    isCheap: false,
    open: (image, target, operations, options = {}) => {
      refuseBeyondBoard(image, target);
      const code = imageCode(image);
      const own = code.machine.qemu.program === qemu.program ? program : findQemu(code.machine.qemu);
      const model = options.model ?? coreModel(target);
      return new QemuSession({
        program: own,
        image,
        target,
        operations,
        code,
        table: new BlockTable(image.code, code, model, target.architecture),
        checkPayloads: options.checkPayloads ?? true,
        instructionLimit: options.instructionLimit ?? defaultInstructionLimit,
        traced: options.trace,
      });
    },
  };
}
