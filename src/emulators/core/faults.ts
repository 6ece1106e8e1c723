/** From what Unicorn says to a fault with a cause and a sentence. */
import type { Fault, FaultCause } from "../engine.js";
import type { Machine } from "../../machine/machine.js";
import { hex } from "../replay-faults.js";
import { RunError } from "./processor.js";
import { stackNames } from "../control-block.js";
import type { StackName } from "../control-block.js";
import { stackGuardBytes, type DriverMemory } from "./memory-map.js";

/** Where execution was: an instruction, or the first of the block that holds it. */
export interface ProgramPoint {
  readonly pc: number;
  readonly exact: boolean;
}

export const describe = ({ pc, exact }: ProgramPoint): string =>
  exact ? `the instruction at ${hex(pc)}` : `the code from ${hex(pc)} on`;

/** What the access was that one of Unicorn's errors is about. */
export function directionOf(error: number): "read" | "write" | undefined {
  if (error === RunError.readUnmapped || error === RunError.readProtected) return "read";
  if (error === RunError.writeUnmapped || error === RunError.writeProtected) return "write";
  return undefined;
}

/** What the emulator knew when it stopped. */
export interface Stop {
  readonly error: number;
  readonly errorText: string;
  readonly operation: number;
  readonly point: ProgramPoint;
  /** Of the access that faulted. */
  readonly address: number | undefined;
  /** QEMU's number of the exception taken. */
  readonly exception: number | undefined;
  readonly stacks: DriverMemory["stacks"];
  readonly machine: Pick<Machine, "unicorn">;
}

interface Words {
  readonly cause: FaultCause;
  readonly message: string;
}

/** The fault of a run that ended early. */
export function faultOfStop(stop: Stop): Fault {
  const { cause, message } = wordsOfStop(stop);
  const where = { operation: stop.operation, pc: stop.point.pc };
  const address = isFetchAbort(stop) ? stop.point.pc : stop.address;
  return address === undefined ? { ...where, cause, message } : { ...where, cause, message, address };
}

function wordsOfStop(stop: Stop): Words {
  if (isFetchAbort(stop)) return noCodeAt(stop.point.pc);
  if (stop.exception !== undefined) return wordsOfException(stop.exception, stop);
  const at = describe(stop.point);
  const address = hex(stop.address ?? 0);
  const stack = stop.address === undefined ? undefined : stackBelow(stop.address, stop.stacks);
  if (stack !== undefined) {
    return {
      cause: "stack-overflow",
      message: `${stack} overflows its stack: ${at} touches ${address}`,
    };
  }
  switch (stop.error) {
    case RunError.readUnmapped:
    case RunError.readProtected:
      return { cause: "read-unmapped", message: `${at} reads ${address}, where there is no memory` };
    case RunError.writeUnmapped:
      return { cause: "write-unmapped", message: `${at} writes ${address}, where there is no memory` };
    case RunError.writeProtected:
      return { cause: "write-protected", message: `${at} writes ${address}, which is read-only` };
    case RunError.fetchUnmapped:
    case RunError.fetchProtected:
      return noCodeAt(stop.address ?? 0);
    case RunError.invalidInstruction:
      return { cause: "undefined-instruction", message: `${at} is undefined` };
    default:
      return { cause: "other", message: `the emulator stopped at ${hex(stop.point.pc)}: ${stop.errorText}` };
  }
}

const isFetchAbort = ({ exception, machine }: Stop): boolean =>
  exception !== undefined && machine.unicorn.fetchAborts.has(exception);

const noCodeAt = (address: number): Words => ({
  cause: "fetch-unmapped",
  message: `execution reached ${hex(address)}, where there is no code`,
});

function wordsOfException(exception: number, { point: { pc }, machine: { unicorn } }: Stop): Words {
  if (unicorn.undefinedInstructions.has(exception)) {
    return { cause: "undefined-instruction", message: `the instruction at ${hex(pc)} is undefined` };
  }
  const name = unicorn.exceptions.get(exception) ?? `exception ${exception}`;
  return { cause: "other", message: `${name} at ${hex(pc)}` };
}

/** The stack whose guard the address is in. */
function stackBelow(address: number, stacks: DriverMemory["stacks"]): StackName | undefined {
  for (const name of stackNames) {
    const start = stacks[name];
    if (address < start && address >= start - stackGuardBytes) return name;
  }
  return undefined;
}
