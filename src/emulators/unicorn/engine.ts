/** Unicorn as an engine: QEMU's translator as a library, without peripherals. */
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import type { CycleModel } from "../../machine/cycle-model.js";
import { coreModel } from "../../targets/core-model.js";
import { imageCode } from "../../toolchain/code-ranges.js";
import type { HeapOperations } from "../../traces/operation.js";
import type { Engine, SessionOptions } from "../engine.js";
import { BlockTable } from "../block-table.js";
import { UnicornProcessor, unicornVersion } from "./binding.js";
import { UnicornCaller } from "./caller.js";
import type { UnicornCallerOptions } from "./caller.js";
import { UnicornSession } from "./session.js";

/** Least instructions that a call may take before it is a hang. */
const usualInstructionLimit = 5_000_000;
/** For each byte of the heap, which a call may clear, copy or visit by words. */
const instructionsPerByte = 4;

/** Options of this engine beside those of every engine. */
export interface UnicornOptions extends SessionOptions {
  /** By default the target's core with all its rules. */
  readonly model?: CycleModel;
  /** False: neither count nor notice hangs (default true). For measuring what counting costs. */
  readonly count?: boolean;
  /** Who fills and checks payloads, where they are checked (default "host", the faster). */
  readonly payloads?: "host" | "guest";
  /** Treat unaligned accesses of the heap as faults; by default on cores that do not allow them. */
  readonly checkAlignment?: boolean;
}

export interface UnicornEngine extends Engine {
  open(image: Image, target: Target, operations: HeapOperations, options?: UnicornOptions): UnicornSession;
  readonly caller: (image: Image, target: Target, options?: UnicornCallerOptions) => UnicornCaller;
}

/** Throws an `AllocGenError` (exit 3) where libunicorn is missing. */
export function unicornEngine(): UnicornEngine {
  return {
    name: "unicorn",
    version: unicornVersion(),
    open,
    caller: (image, target, options) => new UnicornCaller(image, target, options),
  };
}

function open(
  image: Image,
  target: Target,
  operations: HeapOperations,
  options: UnicornOptions = {},
): UnicornSession {
  const code = imageCode(image);
  const table = new BlockTable(image.code, code, options.model ?? coreModel(target), target.architecture);
  return new UnicornSession({
    image,
    operations,
    code,
    table,
    processor: new UnicornProcessor(code.machine, target.unicornModel),
    payloads: (options.checkPayloads ?? true) ? (options.payloads ?? "host") : "none",
    checkAlignment: options.checkAlignment ?? !target.unalignedAccess,
    forbidden: options.forbidden ?? [],
    count: options.count ?? true,
    instructionLimit:
      options.instructionLimit ?? Math.max(usualInstructionLimit, instructionsPerByte * image.heapBytes),
    traced: options.trace,
  });
}
