/** An M-profile core in Unicorn. */
import type { UnicornFacts } from "../machine.js";

/** UC_ARM_REG_* of arm.h: R0 to R12 follow each other. */
const r0 = 66;
const registerIds = [...Array.from({ length: 13 }, (_, number) => r0 + number), 12, 10, 11] as const;

/** UC_ARCH_ARM, and UC_MODE_THUMB with UC_MODE_MCLASS. */
export const unicorn: UnicornFacts = {
  architecture: 1,
  mode: (1 << 4) | (1 << 5),
  registerId: (number) => {
    const id = registerIds[number];
    if (id === undefined) throw new Error(`an Arm core has no register ${number}`);
    return id;
  },
  // EXCP_* of target/arm/cpu.h.
  undefinedInstructions: new Set([1, 17, 18]),
  // UC_ARM_REG_APSR
  flagsId: 1,
  // UDF, of 16 and of 32 bits; SVC; BKPT.
  trap: (encoding, size) =>
    size === 4 || encoding >>> 8 === 0xde ? undefined : encoding >>> 8 === 0xdf ? 2 : 7,
  // The second where only an exception's handler may go (ARMv7-M ARM, Arm DDI 0403E, B1.5.8): outside of one there is no code.
  fetchAborts: new Set([3, 8]),
  invalidState: 18,
  // Coprocessor 11 (ARMv7-M ARM, A6.5): bits 8 to 11 of the second halfword.
  lacks: (encoding) =>
    ((encoding >>> 26) & 0x3b) === 0x3b && ((encoding >>> 8) & 0xf) === 0xb
      ? "double-precision floating point, which the emulated core lacks (compile with -mfloat-abi=soft, or with -mfpu=fpv5-sp-d16)"
      : undefined,
  exceptionOffset: 0,
  exceptions: new Map([
    [2, "a supervisor call"],
    [4, "a data abort"],
    [7, "a breakpoint"],
  ]),
};
