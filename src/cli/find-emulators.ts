/** The emulators, found as the engines will find them. */
import { findQemu } from "../emulators/qemu/program.js";
import type { Machine } from "../machine/machine.js";
import { unicornLibrary } from "../emulators/unicorn/library.js";
import { AllocGenError } from "../diagnostics.js";

/** Version of Unicorn's shared library, "2.0.1"; undefined where it is not there. */
export function findUnicorn(): string | undefined {
  return unlessMissing(() => {
    const packed = Number(unicornLibrary().version([0], [0]));
    return [packed >>> 24, (packed >>> 16) & 255, (packed >>> 8) & 255].join(".");
  });
}

/** Version of QEMU for a machine, "7.2.22"; undefined where it is not there. */
export function findQemuVersion({ qemu }: Machine): string | undefined {
  return unlessMissing(() => findQemu(qemu).version);
}

function unlessMissing(find: () => string): string | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof AllocGenError) return undefined;
    throw error;
  }
}
