import { expect, test } from "vitest";
import { proveInterrupts } from "./prove-interrupts.js";

type Given = Parameters<typeof proveInterrupts>;

const proven: Given[2] = { functions: 3, calls: 9, states: 1, notRun: [] };
const whole = {} as Given[1];
const bench = (lock: string, engine: object): Given[0] =>
  ({
    plan: { lock: { kind: lock }, rules: {} },
    engine: { name: "an engine", ...engine },
  }) as unknown as Given[0];
const caller = { caller: () => undefined };

const what = "interrupts between instructions";

test("a heap that interrupts may not use has nothing that is not run", async () => {
  expect(await proveInterrupts(bench("none", {}), whole, proven, false)).toEqual({ interface: proven });
});

test.each([
  [{}, false, "an engine cannot take them"],
  [caller, true, "the C differs from the reference without them"],
])("what is not run is told", async (engine, isWrong, reason) => {
  expect(await proveInterrupts(bench("primask", engine), whole, proven, isWrong)).toEqual({
    interface: { ...proven, notRun: [{ what, reason }] },
  });
});
