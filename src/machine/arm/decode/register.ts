/**
 * 32-bit data processing of registers: shifts, extensions, parallel sums, products and quotients
 * (ARMv7-M ARM, Arm DDI 0403E, A5.3.12 to A5.3.17).
 */
import { field, onBaseline } from "./encoding.js";
import type { EncodingRow, Effects } from "./encoding.js";
import { general, number, one, r32, when } from "./fields32.js";
import { PC, SP } from "../instruction.js";
import { alu } from "./effects.js";

const twoSources = (encoding: number): Effects | undefined =>
  when(general(encoding, "ndm"), () => alu(one(encoding, "n") | one(encoding, "m"), one(encoding, "d")));

/** CLZ, RBIT and the reversals hold their source twice. */
const sourceTwice = (encoding: number): Effects | undefined =>
  when(general(encoding, "dm") && number(encoding, "n") === number(encoding, "m"), () =>
    alu(one(encoding, "m"), one(encoding, "d")),
  );

const isRotated = (encoding: number): boolean => field(encoding, 4, 2) !== 0;

const extension = (encoding: number): Effects | undefined =>
  when(general(encoding, "dm"), () => alu(one(encoding, "m"), one(encoding, "d"), isRotated(encoding)));

const extensionWithAddend = (encoding: number): Effects | undefined =>
  when(general(encoding, "dm") && number(encoding, "n") !== SP, () =>
    alu(one(encoding, "n") | one(encoding, "m"), one(encoding, "d"), isRotated(encoding)),
  );

const registerOperations: readonly EncodingRow[] = [
  r32("11111010 0xx s nnnn 1111 dddd 0000 mmmm", twoSources),
  // SXTH, UXTH, SXTB and UXTB; with an addend, or of both halves, they belong to the DSP extension.
  r32("11111010 000x 1111 1111 dddd 10rr mmmm", extension),
  r32("11111010 010x 1111 1111 dddd 10rr mmmm", extension),
  r32("11111010 00xx nnnn 1111 dddd 10rr mmmm", extensionWithAddend, "ARMv7E-M"),
  r32("11111010 010x nnnn 1111 dddd 10rr mmmm", extensionWithAddend, "ARMv7E-M"),
  // Sums and differences of halves and bytes: signed, saturating, halving, and the same unsigned.
  r32(
    "11111010 1ooo nnnn 1111 dddd 0ukk mmmm",
    (e) => (field(e, 20, 2) === 3 || field(e, 4, 2) === 3 ? undefined : twoSources(e)),
    "ARMv7E-M",
  ),
  // QADD and its like; REV, REV16, RBIT and REVSH; SEL; CLZ.
  r32("11111010 1000 nnnn 1111 dddd 10xx mmmm", twoSources, "ARMv7E-M"),
  r32("11111010 1001 mmmm 1111 dddd 10xx mmmm", sourceTwice),
  r32("11111010 1010 nnnn 1111 dddd 1000 mmmm", twoSources, "ARMv7E-M"),
  r32("11111010 1011 mmmm 1111 dddd 1000 mmmm", sourceTwice),
];

/** Products that a register may be added to: Ra is PC where there is none. */
function multiply(encoding: number): Effects | undefined {
  const addend = one(encoding, "t");
  return when(general(encoding, "ndm") && number(encoding, "t") !== SP, () => ({
    kind: "multiply",
    accumulate: addend !== 0,
    reads: one(encoding, "n") | one(encoding, "m") | addend,
    writes: one(encoding, "d"),
  }));
}

/** MLS and SMMLS always have an addend. */
const multiplyAndSubtract = (encoding: number): Effects | undefined =>
  number(encoding, "t") === PC ? undefined : multiply(encoding);

/** The halves of the result are two registers. */
function multiplyLong(encoding: number, accumulate: boolean): Effects | undefined {
  const results = one(encoding, "t") | one(encoding, "d");
  const defined = general(encoding, "ntdm") && number(encoding, "t") !== number(encoding, "d");
  const reads = one(encoding, "n") | one(encoding, "m") | (accumulate ? results : 0);
  return when(defined, () => ({ kind: "multiplyLong", accumulate, reads, writes: results }));
}

const divide = (encoding: number): Effects | undefined =>
  when(general(encoding, "ndm"), () => ({
    kind: "divide",
    reads: one(encoding, "n") | one(encoding, "m"),
    writes: one(encoding, "d"),
  }));

const longProduct = (encoding: number): Effects | undefined => multiplyLong(encoding, false);
const longSum = (encoding: number): Effects | undefined => multiplyLong(encoding, true);

const multiplies: readonly EncodingRow[] = [
  r32("11111011 0000 nnnn aaaa dddd 0000 mmmm", multiply),
  r32("11111011 0000 nnnn aaaa dddd 0001 mmmm", multiplyAndSubtract),
  // SMLAxy, SMLAD, SMLAWy, SMLSD, SMMLA, SMMLS, USADA8, and their forms without addend.
  r32("11111011 0001 nnnn aaaa dddd 00xx mmmm", multiply, "ARMv7E-M"),
  r32("11111011 001x nnnn aaaa dddd 000x mmmm", multiply, "ARMv7E-M"),
  r32("11111011 010x nnnn aaaa dddd 000x mmmm", multiply, "ARMv7E-M"),
  r32("11111011 0110 nnnn aaaa dddd 000x mmmm", multiplyAndSubtract, "ARMv7E-M"),
  r32("11111011 0111 nnnn aaaa dddd 0000 mmmm", multiply, "ARMv7E-M"),
  r32("11111011 1000 nnnn llll hhhh 0000 mmmm", longProduct),
  onBaseline(r32("11111011 1001 nnnn 1111 dddd 1111 mmmm", divide)),
  r32("11111011 1010 nnnn llll hhhh 0000 mmmm", longProduct),
  onBaseline(r32("11111011 1011 nnnn 1111 dddd 1111 mmmm", divide)),
  r32("11111011 1100 nnnn llll hhhh 0000 mmmm", longSum),
  // SMLALxy, SMLALD, SMLSLD, UMAAL.
  r32("11111011 1100 nnnn llll hhhh 10xx mmmm", longSum, "ARMv7E-M"),
  r32("11111011 110x nnnn llll hhhh 110x mmmm", longSum, "ARMv7E-M"),
  r32("11111011 1110 nnnn llll hhhh 0000 mmmm", longSum),
  r32("11111011 1110 nnnn llll hhhh 0110 mmmm", longSum, "ARMv7E-M"),
];

export const registerEncodings: readonly EncodingRow[] = [...registerOperations, ...multiplies];
