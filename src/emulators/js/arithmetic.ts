/** What JavaScript's operators do not compute of words: what blocks call. Words are 32 bits, signed. */
import type { Reversal, Shift } from "../../machine/semantics.js";

/** The high word of the unsigned product of 64 bits (Warren, Hacker's Delight, 8-2). */
function highProduct(left: number, right: number): number {
  const [leftLow, leftHigh] = [left & 0xffff, left >>> 16];
  const [rightLow, rightHigh] = [right & 0xffff, right >>> 16];
  const low = leftLow * rightLow;
  const middle = leftHigh * rightLow + (low >>> 16);
  const other = leftLow * rightHigh + (middle % 0x10000);
  return (leftHigh * rightHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) | 0;
}

function reversedBits(word: number): number {
  let bits = word;
  bits = ((bits >>> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  bits = ((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4);
  return reversedBytes(bits);
}

const reversedBytes = (word: number): number =>
  (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

/** A register's lowest byte says how far is shifted (ARMv7-M ARM, Arm DDI 0403E, A7.4.2 and A2.2.1). */
const places = (amount: number): number => amount & 0xff;

const reversals: Readonly<Record<Reversal, (word: number) => number>> = {
  bits: reversedBits,
  bytes: reversedBytes,
  halves: (word) => ((word >>> 8) & 0x00ff00ff) | ((word & 0x00ff00ff) << 8),
  lowHalf: (word) => ((word << 24) >> 16) | ((word >>> 8) & 0xff),
};

const shifts: Readonly<Record<Shift, (word: number, amount: number) => number>> = {
  shl: (word, amount) => (places(amount) > 31 ? 0 : word << amount),
  shr: (word, amount) => (places(amount) > 31 ? 0 : (word >>> amount) | 0),
  sar: (word, amount) => word >> Math.min(31, places(amount)),
  rotate: (word, amount) => (word >>> (amount & 31)) | (word << (-amount & 31)),
};

/** The last bit that a shift moves out, as 0 or 1; the carry before where it moves none. */
const shiftCarries: Readonly<Record<Shift, (word: number, amount: number, before: number) => number>> = {
  shl: (word, amount, before) => lastOut(places(amount), before, (count) => (word >>> (32 - count)) & 1),
  shr: (word, amount, before) => lastOut(places(amount), before, (count) => (word >>> (count - 1)) & 1),
  sar: (word, amount, before) =>
    lastOut(Math.min(32, places(amount)), before, (count) => (word >>> (count - 1)) & 1),
  rotate: (word, amount, before) =>
    places(amount) === 0 ? before : (shifts.rotate(word, amount) >>> 31) & 1,
};

function lastOut(count: number, before: number, bit: (count: number) => number): number {
  if (count === 0) return before;
  return count > 32 ? 0 : bit(count);
}

const saturated = (value: number): number => Math.max(-0x80000000, Math.min(0x7fffffff, value));

export const arithmetic = {
  ...reversals,
  ...shifts,
  shlCarry: shiftCarries.shl,
  shrCarry: shiftCarries.shr,
  sarCarry: shiftCarries.sar,
  rotateCarry: shiftCarries.rotate,
  highProduct,
  highProductSigned: (left: number, right: number): number =>
    (highProduct(left, right) - (left < 0 ? right : 0) - (right < 0 ? left : 0)) | 0,
  addSaturated: (left: number, right: number): number => saturated(left + right),
  subSaturated: (left: number, right: number): number => saturated(left - right),
  divide: (left: number, right: number): number => (right === 0 ? 0 : ((left >>> 0) / (right >>> 0)) | 0),
  divideSigned: (left: number, right: number): number => (right === 0 ? 0 : (left / right) | 0),
} as const;
export type Arithmetic = typeof arithmetic;
