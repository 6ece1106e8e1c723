/** Source lines of an image's instructions, for messages. */
import { sourceLines } from "../toolchain/debug-lines.js";
import type { Image } from "../toolchain/image.js";

/** A search for the shortest sequence asks thousands of times about one image. */
const lines = new WeakMap<Image, (address: number) => string | undefined>();

/** "app_heap.c:120" of the instruction at an address; undefined where the debug information knows none. */
export function sourceLine(image: Image, address: number): string | undefined {
  const known = lines.get(image) ?? sourceLines(image.elf);
  lines.set(image, known);
  return known(address);
}
