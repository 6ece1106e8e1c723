/** From what the driver and the recorder say to a fault with a cause and a sentence: the same for every engine. */
import { OperationCode, operationName, secondArgument, type HeapOperations } from "../traces/operation.js";
import type { ControlBlock } from "./control-block.js";
import type { Fault } from "./engine.js";
import type { RecorderProblem } from "./recorder.js";

export const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, "0")}`;

/** The fault of a problem found while counting. */
export function faultOfProblem(problem: RecorderProblem, instructionLimit: number): Fault {
  const { operation, pc } = problem;
  switch (problem.cause) {
    case "hang":
      return {
        cause: "hang",
        operation,
        pc,
        message: `more than ${instructionLimit} instructions and still running at ${hex(pc)}`,
      };
    case "undefined-instruction":
      return {
        cause: "undefined-instruction",
        operation,
        pc,
        message: `the instruction ${hex(problem.encoding)} at ${hex(pc)} does not exist on this core`,
      };
    case "not-code":
      return { cause: "undefined-instruction", operation, pc, message: `there is no code at ${hex(pc)}` };
    case "not-understood":
      return {
        cause: "undefined-instruction",
        operation,
        pc,
        message: `the instruction ${hex(problem.encoding)} at ${hex(pc)} is undefined or unpredictable on every core`,
      };
    case "no-floating-point":
      return {
        cause: "undefined-instruction",
        operation,
        pc,
        message: `the instruction ${hex(problem.encoding)} at ${hex(pc)} needs the floating-point unit, which is off`,
      };
    case "out-of-step":
      return {
        cause: "other",
        operation,
        pc,
        message: `the call of the allocator did not return`,
      };
  }
}

/** What the driver itself found wrong. `results` are the addresses that operations returned. */
export function faultOfDriver(
  control: ControlBlock,
  operations: HeapOperations,
  results: Uint32Array,
): Fault | undefined {
  const { status, next: operation, detail: address } = control;
  switch (status) {
    case "ended":
      return undefined;
    case "payload-overwritten":
      return faultOfPayload(operation, address, operations, results);
    case "outside-heap": {
      const bytes = operations.argument[operation] ?? 0;
      const message = `${nameOf(operations, operation)} of ${bytes} bytes returned ${hex(address)}, not all of them inside the heap`;
      return { cause: "other", operation, address, message };
    }
    case "not-zero":
      return faultOfNotZeroed(operation, address, results);
    case undefined:
      return { cause: "other", operation, message: "the replay driver's control block was overwritten" };
  }
}

const nameOf = ({ kind }: HeapOperations, operation: number): string => operationName(kind[operation] ?? 0);

/** The byte at `address` that calloc gave is not 0. */
export function faultOfNotZeroed(operation: number, address: number, results: Uint32Array): Fault {
  const byte = address - (results[operation] ?? 0);
  return {
    cause: "not-zeroed",
    operation,
    address,
    message: `byte ${byte} of the block that calloc returned is not 0`,
  };
}

/** The byte at `address` of the block that `operation` frees or resizes is not what was filled in. */
export function faultOfPayload(
  operation: number,
  address: number,
  operations: HeapOperations,
  results: Uint32Array,
): Fault {
  const resizes = operations.kind[operation] === OperationCode.realloc;
  const allocation = resizes ? secondArgument(operations, operation) : (operations.argument[operation] ?? 0);
  const moved = resizes ? (results[operation] ?? 0) : 0;
  const byte = address - (moved === 0 ? (results[allocation] ?? 0) : moved);
  const when = resizes ? "in its realloc or before" : "before its free";
  const message = `byte ${byte} of the payload of operation ${allocation} changed ${when}`;
  return { cause: "payload-overwritten", operation, address, message };
}

/** A byte that belongs to nobody changed, in `operation` or before. */
export function faultOfStrayWrite(operation: number, address: number): Fault {
  const message = `the byte at ${hex(address)} changed, which is outside the allocator's own memory`;
  return { cause: "stray-write", operation, address, message };
}
