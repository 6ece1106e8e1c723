/** Fields of 32-bit encodings (RISC-V unprivileged ISA, 20191213, 2.2 and 2.3). */

/** Bits [low, low + count) of an encoding. */
export const field = (encoding: number, low: number, count: number): number =>
  (encoding >>> low) & ((1 << count) - 1);

/** `value` of `bits` bits as a two's complement number. */
export const signed = (value: number, bits: number): number => (value << (32 - bits)) >> (32 - bits);

export const rd = (encoding: number): number => field(encoding, 7, 5);
export const rs1 = (encoding: number): number => field(encoding, 15, 5);
export const rs2 = (encoding: number): number => field(encoding, 20, 5);

export const immediateI = (encoding: number): number => encoding >> 20;
export const immediateS = (encoding: number): number => ((encoding >> 25) << 5) | field(encoding, 7, 5);
export const immediateU = (encoding: number): number => encoding & 0xfffff000;
export const immediateB = (encoding: number): number =>
  ((encoding >> 31) << 12) |
  (field(encoding, 7, 1) << 11) |
  (field(encoding, 25, 6) << 5) |
  (field(encoding, 8, 4) << 1);
export const immediateJ = (encoding: number): number =>
  ((encoding >> 31) << 20) |
  (field(encoding, 12, 8) << 12) |
  (field(encoding, 20, 1) << 11) |
  (field(encoding, 21, 10) << 1);
