/** Masks of interrupts, and barriers (ARMv7-M ARM, Arm DDI 0403E, B5.2). */
import { field } from "../decode/encoding.js";
import { constant, register, type Semantics } from "../../semantics.js";

/** By the number of the special register: of `interrupts.registers`, with the bits it has. BASEPRI_MAX only masks more. */
const specials: ReadonlyMap<
  number,
  { readonly mask: number; readonly bits: number; readonly raises?: true }
> = new Map([
  [16, { mask: 0, bits: 1 }],
  [17, { mask: 1, bits: 0xff }],
  [18, { mask: 1, bits: 0xff, raises: true }],
]);

/** CPS, MRS and MSR of PRIMASK and BASEPRI, DSB, DMB, ISB and CLREX; what else there is is not described. */
export function systemSemantics(encoding: number, size: 2 | 4): Semantics {
  if (size === 2) {
    const isPrimaskAlone = (encoding & 0xffef) === 0xb662;
    if (!isPrimaskAlone) return { kind: "other" };
    return { kind: "writeMask", mask: 0, bits: 1, value: constant(field(encoding, 4, 1)) };
  }
  if (encoding >>> 8 === 0xf3bf8f && field(encoding, 4, 4) >= 4 && field(encoding, 4, 4) <= 6)
    return { kind: "nothing" };
  if (encoding === 0xf3bf8f2f) return { kind: "releaseReservation" };
  const special = specials.get(encoding & 0xff);
  if (special === undefined) return { kind: "other" };
  if ((encoding & 0xfff0ff00) >>> 0 === 0xf3808800)
    return { kind: "writeMask", ...special, value: register(field(encoding, 16, 4)) };
  if ((encoding & 0xfffff000) >>> 0 === 0xf3ef8000)
    return { kind: "readMask", register: field(encoding, 8, 4), mask: special.mask };
  return { kind: "other" };
}
