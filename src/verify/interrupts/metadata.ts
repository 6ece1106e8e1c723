/** Whether a heap's bytes are as the reference has them: asked thousands of times of a few images. */
import type { MetadataImage } from "../../reference/image.js";

export class ExpectedMetadata {
  /** Offsets of the bytes that are checked at all. */
  readonly #offsets: Uint32Array;

  constructor(private readonly image: MetadataImage) {
    const offsets: number[] = [];
    for (const [offset, bits] of image.mask.entries()) if (bits !== 0) offsets.push(offset);
    this.#offsets = Uint32Array.from(offsets);
  }

  /** The first difference, as a sentence without a full stop. */
  difference(heap: Uint8Array): string | undefined {
    const { bytes, mask } = this.image;
    for (const offset of this.#offsets) {
      const bits = mask[offset] ?? 0;
      const [expected, found] = [(bytes[offset] ?? 0) & bits, (heap[offset] ?? 0) & bits];
      if (expected === found) continue;
      const hex = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
      return `the byte at offset ${offset} is ${hex(expected)} in the reference, ${hex(found)} on the core`;
    }
    return undefined;
  }
}
