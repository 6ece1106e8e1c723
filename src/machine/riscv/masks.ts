/** The mask of interrupts (RISC-V privileged ISA, 20190608, 3.1.6.1). */
import type { InterruptMask } from "../interrupt-mask.js";

const mie = {
  kind: "mie",
  description: "Masks all interrupts by MIE of mstatus, in machine mode. RISC-V alone.",
  example: '"mie"',
  threadSafety: () =>
    "MIE of mstatus is cleared while a function works on the heap, and restored. Init is not locked.",
  lacking: () => undefined,
} as const satisfies InterruptMask;

export const masks = [mie] as const;
