/** How slow the memory is, as the command line says it. */
import type { MemoryTiming } from "../targets/memory-timing.js";
import { mostWaitStates } from "../targets/memory-timing.js";
import { wholeNumber } from "./given-confidence.js";
import type { Values } from "./option.js";
import type { memoryOptions } from "./options.js";
import { usageError } from "./usage-error.js";

const lines = [4, 8, 16] as const;

/**
 * Undefined where nothing is said: then it is the target's.
 * @throws AllocGenError, exit code 2: a number is none or out of its range, or something is said of flash that does not wait
 */
export function givenMemory(given: Values<typeof memoryOptions>): MemoryTiming | undefined {
  const { waitStates, ramWaitStates, flashLine, flashPrefetch } = given;
  if (waitStates === undefined) {
    const alone = flashLine !== undefined ? "--flash-line" : flashPrefetch ? "--flash-prefetch" : undefined;
    if (alone !== undefined) throw usageError(`${alone} needs --wait-states N: what the flash takes`);
    if (ramWaitStates === undefined) return undefined;
  }
  const count = (option: string, written: string | undefined): number =>
    written === undefined ? 0 : wholeNumber(option, written, 0, mostWaitStates);
  return {
    flash: {
      waitStates: count("--wait-states", waitStates),
      lineBytes: flashLine === undefined ? 4 : lineOf(flashLine),
      prefetch: flashPrefetch,
    },
    ram: { waitStates: count("--ram-wait-states", ramWaitStates) },
  };
}

function lineOf(written: string): (typeof lines)[number] {
  const line = lines.find((bytes) => String(bytes) === written);
  if (line === undefined)
    throw usageError(`--flash-line is ${JSON.stringify(written)} (allowed: ${lines.join(", ")})`);
  return line;
}
