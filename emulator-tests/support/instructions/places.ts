/** Where instructions that are tried stand, and what stands around them, in each engine the same. */
import { pageBytes } from "../../../src/emulators/image-regions.js";
import type { Target } from "../../../src/targets/target.js";

/** Addresses, by the target's memory. */
export interface Places {
  /** Of the first slot. */
  readonly code: number;
  /** Bytes that can be executed and read there: slots, and behind them what a board executes around a case. */
  readonly codeBytes: number;
  /** A page that cases may read and write. */
  readonly data: number;
}

export const slotBytes = 64;
export const slots = 8192;
/** In a slot: where a case stands, and where its run ends. */
export const at = 16;
export const until = 56;
/** Behind the slots, further than a literal is from its instruction. */
export const behindSlots = slotBytes * slots + 0x4000;

export const placesOf = ({ memory }: Target): Places => ({
  code: memory.flash.origin + 0x10_0000,
  codeBytes: 0x10_0000,
  data: memory.ram.origin,
});

export const slotAddress = ({ code }: Places, slot: number): number => code + slot * slotBytes;

/** What the page of data is before each case. */
export const initialData = Uint8Array.from(
  { length: pageBytes },
  (_, index) => (Math.imul(index + 1, 0x9e3779b1) >>> 24) & 0xff,
);

const nop = 0xbf00;

/** The code of all cases. @param behind what stands behind the slots */
export function codeOf(
  cases: readonly { readonly halfwords: readonly number[] }[],
  { codeBytes }: Places,
  behind: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(codeBytes);
  const halves = new Uint16Array(bytes.buffer).fill(nop);
  bytes.set(behind, behindSlots);
  for (const [slot, { halfwords }] of cases.entries()) {
    halves.set(halfwords, (slot * slotBytes + at) / 2);
    halves.set(branch(behindSlots - (slot * slotBytes + until)), (slot * slotBytes + until) / 2);
  }
  return bytes;
}

/** B.W over so many bytes, below 2^20. */
const branch = (bytes: number): readonly number[] => {
  const offset = bytes - 4;
  return [0xf000 | (offset >>> 12), 0xb800 | ((offset >>> 1) & 0x7ff)];
};
