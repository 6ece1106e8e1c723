/** Unicorn's shared library, found as the emulator will find it. */
import { unicornLibrary } from "../emulators/unicorn/library.js";
import { AllocGenError } from "../diagnostics.js";

/** "2.0.1", or undefined where the library is not there. */
export function findUnicorn(): string | undefined {
  try {
    const packed = Number(unicornLibrary().version([0], [0]));
    return [packed >>> 24, (packed >>> 16) & 255, (packed >>> 8) & 255].join(".");
  } catch (error) {
    if (error instanceof AllocGenError) return undefined;
    throw error;
  }
}
