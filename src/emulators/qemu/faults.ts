/** From the exception that the core took to a fault with a cause and a sentence. */
import type { Code } from "../../machine/code.js";
import type { TakenFault } from "../../machine/machine.js";
import type { Fault, FaultCause } from "../engine.js";
import { hex } from "../replay-faults.js";

/** What the core said. */
export interface TakenException {
  /** As the core numbers exceptions. */
  readonly number: number;
  /** What the driver saved of the core's registers of faults; zero on a core without them. */
  readonly status: number;
  readonly address: number;
  /** Operation that ran; -1 for init. */
  readonly operation: number;
  /** Last instruction of the allocator that began. */
  readonly pc: number | undefined;
}

export function faultOfException(exception: TakenException, code: Code): Fault {
  const { status, operation, pc } = exception;
  const { kind, hasAddress } = code.machine.qemu.takenFault(status);
  const address = hasAddress ? exception.address : undefined;
  const { cause, message } = wordsOf(kind, exception, address, code);
  return {
    cause,
    operation,
    message,
    ...(pc === undefined ? {} : { pc }),
    ...(address === undefined ? {} : { address }),
  };
}

function wordsOf(
  kind: TakenFault["kind"],
  { number, pc }: TakenException,
  address: number | undefined,
  code: Code,
): { readonly cause: FaultCause; readonly message: string } {
  const at = pc === undefined ? "the code" : `the instruction at ${hex(pc)}`;
  switch (kind) {
    case "undefined":
      return { cause: "undefined-instruction", message: `${at} is undefined` };
    case "unaligned":
      return { cause: "unaligned-access", message: `${at} makes an unaligned access that must be aligned` };
    case "fetch":
      return { cause: "fetch-unmapped", message: `execution left the code after ${hex(pc ?? 0)}` };
    case "data": {
      const writes = pc !== undefined && stores(code, pc);
      const what = `${writes ? "writes" : "reads"} ${address === undefined ? "an address" : hex(address)}`;
      return {
        cause: writes ? "write-unmapped" : "read-unmapped",
        message: `${at} ${what}, where there is no memory`,
      };
    }
    case "other":
      return { cause: "other", message: `exception ${number} at ${hex(pc ?? 0)}` };
  }
}

function stores(code: Code, pc: number): boolean {
  const placed = code.at(pc);
  return placed !== undefined && "instruction" in placed && placed.instruction.memory?.direction === "write";
}
