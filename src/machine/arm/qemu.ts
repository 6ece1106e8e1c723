/** An M-profile core in qemu-system-arm. */
import type { QemuFacts, TakenFault } from "../machine.js";
import { executesUnderIt } from "./conditions.js";

/** Entries of a vector table up to SysTick (Armv7-M ARM, B1.5.2). */
const vectorEntries = 16;

/** Bits of CFSR (Armv7-M ARM, B3.2.15). */
const instructionFaults = 0x101;
const dataFaults = 0x202;
const busAddressValid = 1 << 15;
const undefinedOrState = 3 << 16;
const unaligned = 1 << 24;

/** What CFSR says; zero, and so nothing, on a core without it. */
function takenFault(status: number): TakenFault {
  const hasAddress = (status & busAddressValid) !== 0;
  if ((status & undefinedOrState) !== 0) return { kind: "undefined", hasAddress };
  if ((status & unaligned) !== 0) return { kind: "unaligned", hasAddress };
  if ((status & instructionFaults) !== 0) return { kind: "fetch", hasAddress };
  if ((status & dataFaults) !== 0) return { kind: "data", hasAddress };
  return { kind: "other", hasAddress };
}

export const qemu: QemuFacts = {
  program: "qemu-system-arm",
  debianPackage: "qemu-system-arm",
  statusRegister: "XPSR",
  executes: executesUnderIt,
  vectors: ({ control, boot, fault }) => {
    const words = new Uint32Array(vectorEntries).fill(fault);
    words.set([control, boot]);
    return words;
  },
  takenFault,
};
