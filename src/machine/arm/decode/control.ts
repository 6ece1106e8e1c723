/** 32-bit branches and system instructions (ARMv7-M ARM, Arm DDI 0403E, A5.3.4; ARMv8-M ARM, Arm DDI 0553, C2.3.6). */
import { field, onBaseline, signed } from "./encoding.js";
import type { EncodingRow, Effects } from "./encoding.js";
import { general, one, r32, when } from "./fields32.js";
import { LR, registers } from "../instruction.js";
import type { Architecture } from "../instruction.js";

/** Special registers by their number SYSm, with the architecture that brought them; the Baseline has not all. */
interface SpecialRegister {
  readonly since: Architecture;
  readonly baseline: boolean;
}

const specialRegisters: ReadonlyMap<number, SpecialRegister> = new Map([
  // xPSR and its parts, MSP, PSP, PRIMASK, CONTROL.
  ...every([0, 1, 2, 3, 5, 6, 7, 8, 9, 16, 20], { since: "ARMv6-M", baseline: true }),
  // BASEPRI, BASEPRI_MAX, FAULTMASK.
  ...every([17, 18, 19], { since: "ARMv7-M", baseline: false }),
  // MSPLIM, PSPLIM; MSP, PSP, PRIMASK, CONTROL and SP of the Non-secure state.
  ...every([10, 11, 0x88, 0x89, 0x90, 0x94, 0x98], { since: "ARMv8-M", baseline: true }),
  // MSPLIM, PSPLIM, BASEPRI and FAULTMASK of the Non-secure state.
  ...every([0x8a, 0x8b, 0x91, 0x93], { since: "ARMv8-M", baseline: false }),
]);

function every(
  numbers: readonly number[],
  register: SpecialRegister,
): readonly (readonly [number, SpecialRegister])[] {
  return numbers.map((value) => [value, register]);
}

/** MRS. */
function readSpecial(encoding: number): Effects | undefined {
  const register = specialRegisters.get(field(encoding, 0, 8));
  if (register === undefined || !general(encoding, "d")) return undefined;
  return { kind: "system", writes: one(encoding, "d"), ...register };
}

/** MSR. The mask says which of the flags (2) and the GE bits (1, of the DSP extension) of the xPSR are written. */
function writeSpecial(encoding: number): Effects | undefined {
  const special = field(encoding, 0, 8);
  const mask = field(encoding, 10, 2);
  const register = specialRegisters.get(special);
  if (register === undefined || !general(encoding, "n")) return undefined;
  if (mask === 0 || (mask !== 2 && special > 3)) return undefined;
  const availability = mask === 2 ? register : ({ since: "ARMv7E-M", baseline: false } as const);
  return { kind: "system", reads: one(encoding, "n"), ...availability };
}

const branches: readonly EncodingRow[] = [
  r32(
    "11110 s iiiiiiiiii 11 j 1 k iiiiiiiiiii",
    (e, address) => ({ kind: "call", target: farTarget(e, address), writes: registers(LR) }),
    "ARMv6-M",
  ),
  onBaseline(
    r32("11110 s iiiiiiiiii 10 j 1 k iiiiiiiiiii", (e, address) => ({
      kind: "branch",
      target: farTarget(e, address),
    })),
  ),
  r32("11110 s cccc iiiiii 10 j 0 k iiiiiiiiiii", (e, address) => {
    const condition = field(e, 22, 4);
    return when(condition < 14, () => ({
      kind: "branchConditional",
      condition,
      target: nearTarget(e, address),
    }));
  }),
];

const system: readonly EncodingRow[] = [
  r32("11110 011 1000 nnnn 1000 mm00 iiiiiiii", writeSpecial, "ARMv6-M"),
  // NOP.W, YIELD.W and the rest; hints without a name yet do nothing.
  r32("11110 011 1010 1111 1000 0000 iiiiiiii", () => ({ kind: "nop" })),
  onBaseline(r32("11110 011 1011 1111 1000 1111 0010 1111", () => ({ kind: "system" }))),
  // DSB, DMB, ISB.
  r32("11110 011 1011 1111 1000 1111 010x iiii", () => ({ kind: "system" }), "ARMv6-M"),
  r32("11110 011 1011 1111 1000 1111 0110 iiii", () => ({ kind: "system" }), "ARMv6-M"),
  r32("11110 011 1110 1111 1000 dddd iiiiiiii", readSpecial, "ARMv6-M"),
  r32("11110 111 1111 iiii 1010 iiii iiiiiiii", () => ({ kind: "trap" }), "ARMv6-M"),
];

/** T4 of B and BL: the bits I1 and I2 are J1 and J2, flipped unless they equal the sign. */
function farTarget(encoding: number, address: number): number {
  const sign = field(encoding, 26, 1);
  const i1 = field(encoding, 13, 1) ^ sign ^ 1;
  const i2 = field(encoding, 11, 1) ^ sign ^ 1;
  const offset =
    (sign << 24) | (i1 << 23) | (i2 << 22) | (field(encoding, 16, 10) << 12) | (field(encoding, 0, 11) << 1);
  return (address + 4 + signed(offset, 25)) >>> 0;
}

/** T3 of B. */
function nearTarget(encoding: number, address: number): number {
  const offset =
    (field(encoding, 26, 1) << 20) |
    (field(encoding, 11, 1) << 19) |
    (field(encoding, 13, 1) << 18) |
    (field(encoding, 16, 6) << 12) |
    (field(encoding, 0, 11) << 1);
  return (address + 4 + signed(offset, 21)) >>> 0;
}

/** The conditional branch comes last: its conditions 14 and 15 are the places of the system instructions. */
export const controlEncodings: readonly EncodingRow[] = [...system, ...branches];
