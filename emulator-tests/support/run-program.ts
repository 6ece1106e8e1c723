/** Runs a bare-metal program on the emulated core, from its reset handler until main returns. */
import type { Program } from "../../src/toolchain/build-program.js";
import { Permission } from "../../src/emulators/core/processor.js";
import { pageBytes } from "../../src/emulators/image-regions.js";
import { UnicornProcessor } from "../../src/emulators/unicorn/binding.js";
import { machineOf } from "../../src/machine/registry.js";
import type { Target } from "../../src/targets/target.js";
import { roundUp } from "../../src/units.js";

/** What main returned. @throws Error when the program faults before. */
export function runProgram(program: Program, target: Target): number {
  const processor = new UnicornProcessor(machineOf(target), target.unicornModel);
  const { flash, ram } = target.memory;
  const memories = [
    { ...flash, permissions: Permission.read | Permission.execute },
    { ...ram, permissions: Permission.read | Permission.write },
  ].map((region) => ({
    ...region,
    bytes: processor.map(region.origin, roundUp(region.length, pageBytes), region.permissions),
  }));
  for (const segment of program.segments) {
    const region = memories.find(
      ({ origin, length }) =>
        segment.address >= origin && segment.address + segment.data.length <= origin + length,
    );
    if (region === undefined) throw new Error(`a segment at ${segment.address} is in no memory`);
    region.bytes.set(segment.data, segment.address - region.origin);
  }
  let badAddress: number | undefined;
  processor.onInvalidAccess((address) => {
    badAddress = address;
  });
  const error = processor.run(program.entry, program.mainReturned);
  const { pc } = processor;
  if (error !== 0 || pc !== program.mainReturned) {
    const access = badAddress === undefined ? "" : `, accessing 0x${badAddress.toString(16)}`;
    throw new Error(`the program stopped at 0x${pc.toString(16)} with error ${error}${access}`);
  }
  const result = processor.readRegister(machineOf(target).calls.result.register);
  processor.close();
  return result;
}
