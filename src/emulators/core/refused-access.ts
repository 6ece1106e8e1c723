/** Accesses that Unicorn makes, and that end a run nevertheless: of an address the core refuses, or of bytes that are nobody's. */
import type { GuestRange } from "../caller.js";
import type { Fault } from "../engine.js";
import { hex } from "../replay-faults.js";
import type { Processor } from "./processor.js";
import { describe, type ProgramPoint } from "./faults.js";

export interface RefusedAccess {
  readonly cause: "unaligned-access" | "stray-access";
  readonly point: ProgramPoint;
  readonly address: number;
  /** What it goes against: the end of a sentence. */
  readonly rule: string;
}

/** Of a core that makes none. */
export const unalignedRule = "the core does not allow unaligned accesses";

export function faultOfRefused({ cause, point, address, rule }: RefusedAccess): Omit<Fault, "operation"> {
  return {
    cause,
    pc: point.pc,
    address,
    message: `${describe(point)} accesses ${hex(address)}, and ${rule}`,
  };
}

/** Tell, and stop, where an access begins in one of the ranges. Without ranges it costs nothing. */
export function watchForbidden(
  processor: Processor,
  ranges: readonly GuestRange[],
  tell: (access: Omit<RefusedAccess, "point">, direction: "read" | "write") => void,
): void {
  for (const { address: begin, bytes } of ranges) {
    processor.onAccess({ begin, end: begin + bytes - 1 }, (address, _bytes, direction) => {
      tell({ cause: "stray-access", address, rule: "that byte belongs to nothing" }, direction);
      processor.stop();
    });
  }
}
