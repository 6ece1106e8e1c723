/** From the exception that the core took to a fault with a cause and a sentence. */
import type { Code } from "../../machine/code.js";
import type { Fault, FaultCause } from "../engine.js";
import { hex } from "../replay-faults.js";

/** What the core said. */
export interface TakenException {
  /** In IPSR. */
  readonly number: number;
  /** CFSR and BFAR (Armv7-M ARM, B3.2.15 and B3.2.18); zero on a core without them. */
  readonly status: number;
  readonly address: number;
  /** Operation that ran; -1 for init. */
  readonly operation: number;
  /** Last instruction of the allocator that began. */
  readonly pc: number | undefined;
}

const instructionFaults = 0x101;
const dataFaults = 0x202;
const busAddressValid = 1 << 15;
const undefinedOrState = 3 << 16;
const unaligned = 1 << 24;

export function faultOfException(exception: TakenException, code: Code): Fault {
  const { status, operation, pc } = exception;
  const address = (status & busAddressValid) === 0 ? undefined : exception.address;
  const { cause, message } = wordsOf(exception, address, code);
  return {
    cause,
    operation,
    message,
    ...(pc === undefined ? {} : { pc }),
    ...(address === undefined ? {} : { address }),
  };
}

function wordsOf(
  { number, status, pc }: TakenException,
  address: number | undefined,
  code: Code,
): { readonly cause: FaultCause; readonly message: string } {
  const at = pc === undefined ? "the code" : `the instruction at ${hex(pc)}`;
  if ((status & undefinedOrState) !== 0) {
    return { cause: "undefined-instruction", message: `${at} is undefined` };
  }
  if ((status & unaligned) !== 0) {
    return { cause: "unaligned-access", message: `${at} makes an access that must be aligned and is not` };
  }
  if ((status & instructionFaults) !== 0) {
    return { cause: "fetch-unmapped", message: `execution left the code after ${hex(pc ?? 0)}` };
  }
  if ((status & dataFaults) !== 0) {
    const writes = pc !== undefined && stores(code, pc);
    const what = `${writes ? "writes" : "reads"} ${address === undefined ? "an address" : hex(address)}`;
    return {
      cause: writes ? "write-unmapped" : "read-unmapped",
      message: `${at} ${what}, where there is no memory`,
    };
  }
  return { cause: "other", message: `exception ${number} at ${hex(pc ?? 0)}` };
}

function stores(code: Code, pc: number): boolean {
  const placed = code.at(pc);
  if (placed === undefined || !("instruction" in placed)) return false;
  const { kind } = placed.instruction;
  return kind === "store" || kind === "storePair" || kind === "storeMultiple";
}
