/** Instructions that keep interrupts out, and those that let them in again. */
import type { MaskEffect } from "../instruction.js";
import type { Instruction } from "./instruction.js";

/** Special registers as MSR numbers them (ARMv7-M ARM, Arm DDI 0403E, B5.1.1). */
const primask = 16;
const basepri = 17;
const basepriMax = 18;

/** CPSID, CPSIE (ARMv6-M ARM, Arm DDI 0419E, A6.7.22), and MSR of a mask. Undefined: no effect on a mask. */
export function maskEffect({
  kind,
  size,
  encoding,
}: Pick<Instruction, "kind" | "size" | "encoding">): MaskEffect | undefined {
  if (kind !== "system") return undefined;
  if (size === 2) return (encoding & 0xffe8) === 0xb660 ? cpsEffect(encoding) : undefined;
  if ((encoding & 0xfff0ff00) >>> 0 !== 0xf3808800) return undefined;
  switch (encoding & 0xff) {
    case primask:
    case basepri:
      return "restored";
    case basepriMax:
      return "set";
    default:
      return undefined;
  }
}

/** Bit 4 disables; bit 1 names PRIMASK, without which it is about faults alone. */
function cpsEffect(encoding: number): MaskEffect | undefined {
  if ((encoding & 2) === 0) return undefined;
  return (encoding & 0x10) === 0 ? "restored" : "set";
}
