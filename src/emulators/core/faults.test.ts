import { expect, it } from "vitest";
import { arm } from "../../machine/arm/index.js";
import { faultOfStop, type Stop } from "./faults.js";
import { driverMemory } from "./memory-map.js";
import { RunError } from "./processor.js";

const stop: Stop = {
  error: RunError.exception,
  errorText: "an unhandled exception",
  operation: 7,
  point: { pc: 0x3000_0000, exact: true },
  address: undefined,
  exception: undefined,
  stacks: driverMemory.stacks,
  machine: arm,
};

it.each([3, 8])("exception %i says that there is no code where control went", (exception) => {
  expect(faultOfStop({ ...stop, exception })).toEqual({
    cause: "fetch-unmapped",
    operation: 7,
    pc: 0x3000_0000,
    address: 0x3000_0000,
    message: "execution reached 0x30000000, where there is no code",
  });
});

it("another exception is told by its name", () => {
  expect(faultOfStop({ ...stop, exception: 2 })).toMatchObject({
    cause: "other",
    message: "a supervisor call at 0x30000000",
  });
});
