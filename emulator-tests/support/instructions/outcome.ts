/** What a core is after a case, in an engine that runs in this process. */
import { pageBytes } from "../../../src/emulators/image-regions.js";
import { Permission, type MakeProcessor, type Processor } from "../../../src/emulators/core/processor.js";
import { SP } from "../../../src/machine/arm/instruction.js";
import { machineOf } from "../../../src/machine/registry.js";
import type { Target } from "../../../src/targets/target.js";
import type { Case, Registers } from "./cases.js";
import { at, initialData, placesOf, slotAddress, until } from "./places.js";

/** Of a case that ended early only why: what an access did before it was refused is nobody's business. */
export type Outcome =
  | {
      readonly kind: "ended";
      readonly error: number;
      readonly exception: number | undefined;
      readonly refused: number | undefined;
    }
  | {
      readonly kind: "ran";
      readonly registers: readonly number[];
      readonly flags: number;
      /** FNV-1a of the data's words. */
      readonly memory: number;
    };

export function outcomesIn(
  make: MakeProcessor,
  target: Target,
  code: Uint8Array,
  cases: readonly Case[],
): readonly Outcome[] {
  const places = placesOf(target);
  const processor = make(machineOf(target), target);
  processor.map(places.code, code.length, Permission.read | Permission.execute).set(code);
  const live = processor.map(places.data, pageBytes, Permission.read | Permission.write);
  const refusals: number[] = [];
  const exceptions: number[] = [];
  processor.onInvalidAccess((address) => {
    refusals.push(address);
  });
  processor.onException((number) => {
    exceptions.push(number);
    processor.stop();
  });
  const outcomes = cases.map(({ before }, slot): Outcome => {
    refusals.length = exceptions.length = 0;
    live.set(initialData);
    begin(processor, before);
    const start = slotAddress(places, slot);
    const error = processor.run(start + at, start + until);
    const [refused] = refusals;
    const [exception] = exceptions;
    if (error !== 0 || exception !== undefined) return { kind: "ended", error, exception, refused };
    if (processor.pc !== start + until) throw new Error(`case ${slot} ends at ${processor.pc}`);
    const registers = before.values.map((_, number) => valueOf(processor, number));
    return { kind: "ran", registers, flags: processor.flags, memory: hashOf(live) };
  });
  processor.close();
  return outcomes;
}

export function begin(processor: Processor, { values, flags }: Registers): void {
  for (const [number, value] of values.entries()) processor.writeRegister(number, value);
  processor.flags = flags;
}

/** Unicorn keeps what is written to the lowest bits of SP, which are 0 in a core (ARMv7-M ARM, Arm DDI 0403E, B1.4.7). */
const valueOf = (processor: Processor, number: number): number =>
  number === SP ? (processor.readRegister(SP) & ~3) >>> 0 : processor.readRegister(number);

function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4))
    hash = Math.imul(hash ^ word, 0x01000193);
  return hash >>> 0;
}

/** A case and what engines make of it, for people. */
export function describeCase(
  { halfwords, before }: Case,
  outcomes: Readonly<Record<string, unknown>>,
): string {
  const text = halfwords.map((each) => each.toString(16).padStart(4, "0")).join(" ");
  return `${text}: ${JSON.stringify({ before, ...outcomes })}`;
}
