/**
 * The recording of a device, in bytes: docs/traces.md has the whole. A recording is a sequence of frames. A frame is the
 * marker, a head of nine numbers, and records; each can be read without the frames before it. Every number n is written
 * as LEB128 of n + 1, which has no byte 0: so a byte 0 is always the start of a marker.
 */

/** 0, "AGR". */
export const marker = Buffer.from([0, 0x41, 0x47, 0x52]);

export const version = 1;

/** The numbers of a head, in their order. */
export const headNumbers = [
  /** 1. */
  "version",
  /** Bit 0: events have times. Bits 1 and 2: log2 of a pointer's bytes. */
  "flags",
  /** log2 of the granule, of which differences of addresses are multiples. */
  "granuleShift",
  /** Address that the frame's first difference is from: of any payload. */
  "base",
  /** Ticks a second; 0: unknown. */
  "clockHz",
  /** Events before this frame, those that were lost included, modulo 2^32; 0 is a start of the device. */
  "sequence",
  /** Ticks when the frame began, from any zero. */
  "time",
  /** Events of the frame before, those that it says are lost included; 0 for the first frame. */
  "before",
  /** Check of the frame before, all its bytes but the first; 0 for the first frame. */
  "check",
] as const;

/** Low three bits of a record's first number; the others are its value. */
export const RecordKind = {
  /** Value: size. Then the address. */
  malloc: 0,
  /** Value: the address. */
  free: 1,
  calloc: 2,
  /** Value: size. Then log2 of the alignment, and the address. */
  aligned: 3,
  /** Value: size. Then the old address, and the new one. */
  realloc: 4,
  /** Value: size. Then which request it was: an index of `requests`. */
  failed: 5,
  /** Value: how many events were not recorded. No time. */
  lost: 6,
  /** Value: an `Extension`. Then how many numbers follow, and these. No time. */
  extension: 7,
} as const;

export const requests = ["malloc", "calloc", "aligned", "realloc"] as const;

export const Extension = {
  /** The recorder was stopped: nothing is missing behind it. */
  end: 1,
  /** One number: the tag of the next record. */
  tag: 2,
} as const;

/** Check of a frame's bytes behind its first: 0, and for each byte 31 times what it is so far and the byte, modulo 2^16. */
export function checkOf(bytes: Uint8Array): number {
  let check = 0;
  for (const byte of bytes) check = (check * 31 + byte) & 0xffff;
  return check;
}
