/** An engine made of an emulator's processor. */
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import type { CycleModel } from "../../machine/cycle-model.js";
import { coreModel } from "../../targets/core-model.js";
import { imageCode } from "../../toolchain/code-ranges.js";
import type { HeapOperations } from "../../traces/operation.js";
import type { Engine, SessionOptions } from "../engine.js";
import { BlockTable } from "../block-table.js";
import type { CallerOptions } from "../caller.js";
import { CoreCaller } from "./caller.js";
import { driverMemory, type DriverMemory } from "./memory-map.js";
import type { MakeProcessor } from "./processor.js";
import { CoreSession } from "./session.js";

/** Least instructions that a call may take before it is a hang. */
const usualInstructionLimit = 5_000_000;
/** For each byte of the heap, which a call may clear, copy or visit by words. */
const instructionsPerByte = 4;

/** Options of such an engine beside those of every engine. */
export interface CoreOptions extends SessionOptions {
  /** By default the target's core with all its rules. */
  readonly model?: CycleModel;
  /** Who fills and checks payloads, where they are checked (default "host", the faster). */
  readonly payloads?: "host" | "guest";
  /** Treat unaligned accesses of the heap as faults; by default on cores that do not allow them. */
  readonly checkAlignment?: boolean;
  /** Where the replay driver's memory is; by default far from all else. Addresses are multiples of `pageBytes`. */
  readonly driver?: DriverMemory;
}

export interface CoreEngine extends Engine {
  open(image: Image, target: Target, operations: HeapOperations, options?: CoreOptions): CoreSession;
  readonly caller: (image: Image, target: Target, options?: CallerOptions) => CoreCaller;
}

export function coreEngine(name: string, version: string, makeProcessor: MakeProcessor): CoreEngine {
  return {
    name,
    version,
    isCheap: true,
    open: (image, target, operations, options = {}) => {
      const code = imageCode(image);
      const model = options.model ?? coreModel(target);
      return new CoreSession({
        image,
        operations,
        code,
        table: new BlockTable(image.code, code, model, target.architecture),
        processor: makeProcessor(code.machine, target),
        payloads: (options.checkPayloads ?? true) ? (options.payloads ?? "host") : "none",
        checkAlignment: options.checkAlignment ?? !target.unalignedAccess,
        forbidden: options.forbidden ?? [],
        count: options.count ?? true,
        driver: options.driver ?? driverMemory,
        instructionLimit:
          options.instructionLimit ?? Math.max(usualInstructionLimit, instructionsPerByte * image.heapBytes),
        traced: options.trace,
      });
    },
    caller: (image, target, options) => new CoreCaller(image, target, makeProcessor, options),
  };
}
