/** Interrupts of machine mode (RISC-V privileged ISA, 20190608, 3.1.6.1 and 3.1.9). */
import type { CallerState, InterruptFacts } from "../interrupts.js";
import { rd } from "./decode/fields.js";
import { riscvInstruction } from "./instruction.js";
import { mstatusMie } from "./mask-effect.js";

/** UC_RISCV_REG_MSTATUS of riscv.h. */
const registers = [{ name: "mstatus", unicornId: 116 }] as const;

const open: CallerState = { name: "with interrupts let in", masks: [mstatusMie] };
const closed: CallerState = { name: "with MIE of mstatus cleared", masks: [0] };

export const interrupts: InterruptFacts = {
  registers,
  takes: ([mie = 0]) => (mie & mstatusMie) !== 0,
  callerStates: () => [open, closed],
  exclusive: (instruction) => {
    const { mnemonic, expanded } = riscvInstruction(instruction);
    if (mnemonic === "lr.w") return { kind: "load" };
    return mnemonic === "sc.w" && rd(expanded) !== 0 ? { kind: "store", status: rd(expanded) } : undefined;
  },
};
