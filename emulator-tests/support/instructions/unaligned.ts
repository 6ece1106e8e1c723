/**
 * Which cases access several words, or one exclusively or in order, at an address that is no multiple of their size. A core
 * and QEMU refuse that; a `Processor` by itself does not.
 */
import { jsProcessor } from "../../../src/emulators/js/processor.js";
import { Permission } from "../../../src/emulators/core/processor.js";
import { pageBytes } from "../../../src/emulators/image-regions.js";
import { decode } from "../../../src/machine/arm/decode/decoder.js";
import { PC } from "../../../src/machine/arm/instruction.js";
import { machineOf } from "../../../src/machine/registry.js";
import type { Target } from "../../../src/targets/target.js";
import type { Case } from "./cases.js";
import { begin } from "./outcome.js";
import { at, initialData, placesOf, slotAddress, until } from "./places.js";

export function unalignedCases(
  target: Target,
  code: Uint8Array,
  cases: readonly Case[],
): ReadonlySet<number> {
  const places = placesOf(target);
  const processor = jsProcessor(machineOf(target), target);
  processor.map(places.code, code.length, Permission.read | Permission.execute).set(code);
  const live = processor.map(places.data, pageBytes, Permission.read | Permission.write);
  const halves = new Uint16Array(code.buffer);
  const seen: number[] = [];
  processor.onException(() => {
    processor.stop();
  });
  processor.onInstruction({ begin: places.code, end: places.code + code.length - 1 }, (address) => {
    const index = (address - places.code) / 2;
    const { memory } = known(decode(address, halves[index] ?? 0, halves[index + 1] ?? 0));
    if (memory === undefined || memory.base === PC) return;
    if (processor.readRegister(memory.base) % memory.alignment !== 0) seen.push(address);
  });
  const found = cases.flatMap(({ before, halfwords }, slot) => {
    if (!mustAlign(halfwords)) return [];
    seen.length = 0;
    live.set(initialData);
    begin(processor, before);
    const start = slotAddress(places, slot);
    processor.run(start + at, start + until);
    return seen.length > 0 ? [slot] : [];
  });
  processor.close();
  return new Set(found);
}

const known = (found: ReturnType<typeof decode>) =>
  found.kind === "unknown" ? { memory: undefined } : found;

/** Whether an instruction asks for an alignment. */
function mustAlign(halfwords: readonly number[]): boolean {
  for (let index = 0; index < halfwords.length;) {
    const found = decode(0, halfwords[index] ?? 0, halfwords[index + 1] ?? 0);
    if ((known(found).memory?.alignment ?? 1) > 1) return true;
    index += found.size / 2;
  }
  return false;
}
