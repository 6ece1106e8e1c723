/** An RV32 core in qemu-system-riscv32. */
import type { QemuFacts, TakenFault } from "../machine.js";

/** Numbers of exceptions (RISC-V privileged ISA, 20190608, table 3.6). */
const fetchFault = 1;
const illegalInstruction = 2;
const loadMisaligned = 4;
const loadFault = 5;
const storeMisaligned = 6;
const storeFault = 7;

/** @param status mcause */
function takenFault(status: number): TakenFault {
  switch (status) {
    case illegalInstruction:
      return { kind: "undefined", hasAddress: false };
    case loadMisaligned:
    case storeMisaligned:
      return { kind: "unaligned", hasAddress: true };
    case fetchFault:
      return { kind: "fetch", hasAddress: false };
    case loadFault:
    case storeFault:
      return { kind: "data", hasAddress: true };
    default:
      return { kind: "other", hasAddress: false };
  }
}

/** LUI and ADDI of a register: the address in two parts. */
const load = (register: number, address: number): readonly number[] => [
  ((address + 0x800) & 0xfffff000) | (register << 7) | 0x37,
  (address << 20) | (register << 15) | (register << 7) | 0x13,
];
const a0 = 10;
const t0 = 5;

export const qemu: QemuFacts = {
  program: "qemu-system-riscv32",
  debianPackage: "qemu-system-misc",
  // Nothing is skipped, so no line of the registers is ever asked for.
  statusRegister: "status",
  executes: () => true,
  // What the machine's own start jumps to: replay_boot, with the control block in a0; it sets the handler of traps itself.
  vectors: ({ control, boot }) =>
    // JALR x0, 0(t0)
    Uint32Array.from([...load(a0, control), ...load(t0, boot), (t0 << 15) | 0x67], (word) => word >>> 0),
  takenFault,
};
