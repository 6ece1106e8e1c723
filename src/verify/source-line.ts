/** Source lines of an image's instructions, for messages. */
import type { FaultCause } from "../emulators/fault.js";
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

/** A fault in words: what happened, and where. @param source of the instruction, where known */
export function describeStop(
  image: Image,
  { cause, message }: { readonly cause: FaultCause; readonly message: string },
  source: string | undefined,
): string {
  const isTrap = image.trapsUndefined === true && cause === "undefined-instruction";
  const what = isTrap ? "the behaviour of this C is undefined here" : message;
  return source === undefined ? what : `${what} (${source})`;
}
