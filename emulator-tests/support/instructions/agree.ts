/** Whether a board did what the engine in JavaScript did, as far as the two tell the same. */
import { isDeepStrictEqual } from "node:util";
import { RunError } from "../../../src/emulators/core/processor.js";
import type { BoardOutcome } from "./board.js";
import type { Outcome } from "./outcome.js";

/** Bits of CFSR (ARMv7-M ARM, Arm DDI 0403E, B3.2.15). */
const fetchViolation = 1;
const dataViolation = 2 | 0x80;
const undefinedInstruction = 1 << 16;
const invalidState = 1 << 17;
const unaligned = 1 << 24;

/** @param isUnaligned whether the case makes an access that a core refuses for its address */
export function agrees(js: Outcome, board: BoardOutcome, isUnaligned: boolean): boolean {
  if (board.kind === "ran") return !isUnaligned && isDeepStrictEqual(js, board);
  if (isUnaligned && board.status === unaligned) return true;
  if (js.kind === "ran") return false;
  switch (js.error) {
    case RunError.readUnmapped:
    case RunError.writeUnmapped:
    case RunError.readProtected:
    case RunError.writeProtected:
      return board.status === dataViolation && board.address === js.refused;
    case RunError.fetchUnmapped:
      return board.status === fetchViolation;
    case RunError.invalidInstruction:
      return board.status === undefinedInstruction;
    default:
      return board.status === invalidState;
  }
}

/** Where a core has registers of its own whatever the memory protection says. */
export const touchesCoreRegisters = (outcome: Outcome): boolean =>
  outcome.kind === "ended" && outcome.refused !== undefined && outcome.refused >>> 20 === 0xe00;
