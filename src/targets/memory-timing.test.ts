import { expect, test } from "vitest";
import { coreModel } from "./core-model.js";
import { listTargets, loadTarget } from "./load.js";
import { withMemoryTiming, type MemoryTiming } from "./memory-timing.js";

const none: MemoryTiming = {
  flash: { waitStates: 0, lineBytes: 4, prefetch: false },
  ram: { waitStates: 0 },
};
const slow: MemoryTiming = {
  flash: { waitStates: 2, lineBytes: 16, prefetch: true },
  ram: { waitStates: 1 },
};

test("a target is as it was where nothing waits", () => {
  for (const name of listTargets()) {
    const target = loadTarget(name);
    expect(withMemoryTiming(target, none)).toBe(target);
  }
});

test("its model says what waits, and no more what its error on silicon is", () => {
  const { cycleModel } = withMemoryTiming(loadTarget("cortex-m4"), slow);
  expect(cycleModel.name).toBe(
    "cortex-m4 pipeline, flash with 2 wait states on lines of 16 B, prefetched, RAM with 1 wait state",
  );
  expect(cycleModel).toMatchObject({ estimate: true, ...slow });
  expect(withMemoryTiming(loadTarget("cortex-m0"), { ...none, ram: { waitStates: 3 } }).cycleModel.name).toBe(
    "cortex-m0 instruction timing, RAM with 3 wait states",
  );
});

test("a core is refused whose model has no wait states, and no other", () => {
  for (const name of listTargets()) {
    const target = loadTarget(name);
    const slowed = () => coreModel(withMemoryTiming(target, slow)).name;
    if (!/^cortex-m(0|0plus|23|3|4)$/.test(name))
      expect(slowed).toThrow(`the cycle model of ${name} has none`);
    else expect(slowed()).toContain("2 wait states");
  }
});
