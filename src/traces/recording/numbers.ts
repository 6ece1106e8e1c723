/** Numbers of a recording: LEB128 of n + 1. */

/** Bytes of a number: 2^53 - 1 needs eight. */
const longest = 8;

/** Reads numbers one after the other up to an end. */
export class NumberReader {
  constructor(
    private readonly bytes: Uint8Array,
    /** Offset of the next number. */
    public at: number,
    private readonly end: number,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** Undefined where it ends too early ("cut") or is none ("malformed"): `fault` says which. */
  next(): number | undefined {
    let value = 0;
    let weight = 1;
    for (let index = 0; index < longest; index++) {
      const byte = this.at + index < this.end ? this.bytes[this.at + index] : undefined;
      if (byte === undefined) return this.#fail("cut");
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) {
        // A last byte of 0 would be the start of a marker, and a value beyond 2^53 is not exact.
        if (byte === 0 || !Number.isSafeInteger(value)) return this.#fail("malformed");
        this.at += index + 1;
        return value - 1;
      }
      weight *= 128;
    }
    return this.#fail("malformed");
  }

  fault: "cut" | "malformed" | undefined;

  #fail(fault: "cut" | "malformed"): undefined {
    this.fault = fault;
    return undefined;
  }
}

/** Of a difference that may be negative: 0, -1, 1, -2 … as 0, 1, 2, 3 … */
export const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
