/** An RV32 core in Unicorn. */
import type { UnicornFacts } from "../machine.js";
import { programCounter, riscvInstruction, type Extension } from "./instruction.js";

/** UC_RISCV_REG_X0 and UC_RISCV_REG_PC of riscv.h. */
const x0 = 1;
const pc = 190;

/** What Unicorn 2 does not know. */
const bitManipulation: ReadonlySet<Extension> = new Set<Extension>(["Zba", "Zbb", "Zbs"]);

/** UC_ARCH_RISCV, and UC_MODE_RISCV32. */
export const unicorn: UnicornFacts = {
  architecture: 8,
  mode: 1 << 2,
  registerId: (number) => {
    if (number === programCounter) return pc;
    if (number < 0 || number > 31) throw new Error(`a RISC-V core has no register ${number}`);
    return x0 + number;
  },
  // RISCV_EXCP_ILLEGAL_INST of target/riscv/cpu_bits.h.
  undefinedInstructions: new Set([2]),
  flagsId: undefined,
  // ECALL of machine mode; EBREAK.
  trap: (encoding) => (encoding === 0x73 ? 11 : 3),
  // No pointer is none to code: RISCV_EXCP_INST_ADDR_MIS.
  invalidState: 0,
  // RISCV_EXCP_INST_ACCESS_FAULT, RISCV_EXCP_INST_PAGE_FAULT.
  fetchAborts: new Set([1, 12]),
  lacks: () => undefined,
  // Of every instruction, whatever its length.
  exceptionOffset: 4,
  lacksInstruction: (instruction) => bitManipulation.has(riscvInstruction(instruction).extension),
  exceptions: new Map([
    [0, "a jump to an odd address"],
    [1, "a fetch that faults"],
    [3, "a breakpoint"],
    [4, "a load from an unaligned address"],
    [5, "a load that faults"],
    [6, "a store to an unaligned address"],
    [7, "a store that faults"],
    [8, "an environment call"],
    [11, "an environment call"],
  ]),
};
