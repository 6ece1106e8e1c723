/** Instructions that keep interrupts out, and those that let them in again (RISC-V privileged ISA, 20190608, 3.1.6). */
import type { MaskEffect } from "../instruction.js";
import { field, rs1 } from "./decode/fields.js";

/** Number of the status register of machine mode. */
export const mstatus = 0x300;
/** Its bit that lets interrupts in. */
export const mstatusMie = 8;

/** @param word its 32-bit encoding @returns undefined: no effect on the mask */
export function maskEffect(mnemonic: string, word: number): MaskEffect | undefined {
  if (!mnemonic.startsWith("csrr") || field(word, 20, 12) !== mstatus) return undefined;
  switch (mnemonic) {
    case "csrrci":
      return (rs1(word) & mstatusMie) === 0 ? undefined : "set";
    case "csrrsi":
      return (rs1(word) & mstatusMie) === 0 ? undefined : "restored";
    case "csrrwi":
      return (rs1(word) & mstatusMie) === 0 ? "set" : "restored";
    case "csrrc":
      return rs1(word) === 0 ? undefined : "set";
    case "csrrs":
      return rs1(word) === 0 ? undefined : "restored";
    default: // csrrw
      return "restored";
  }
}
