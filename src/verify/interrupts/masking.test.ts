import { describe, expect, it } from "vitest";
import type { TracedCall } from "../../emulators/core/interrupted-call.js";
import type { InterruptFacts, Masks } from "../../machine/interrupts.js";
import { checkMasking } from "./masking.js";

/** A machine with one mask: interrupts less urgent than it wait. */
const interrupts: InterruptFacts = {
  registers: [{ name: "LEVEL", unicornId: 0 }],
  takes: ([level = 0], priority) => level === 0 || priority < level,
  callerStates: () => [],
  exclusive: () => undefined,
};
const rules = { interrupts, priority: 0x40 };
const heap = 0x2000_0000;
const none = { read: undefined, written: undefined };

/** A call whose instructions see the mask at these levels, the second of which reads the heap, or writes it. */
function traced(levels: readonly number[], after: number, direction: "read" | "write" = "read"): TracedCall {
  const known = new Map(levels.map((level): [number, Masks] => [level, [level]]));
  return {
    end: { outcome: { kind: "returned", result: 0 }, masks: [after] },
    boundaries: levels.map((level, number) => ({
      ...{ number, at: 0x100 + 2 * number, turn: 1, writes: 0 },
      masks: known.get(level) ?? [level],
    })),
    hooks: [],
    accesses: [{ boundary: 1, address: heap + 8, bytes: 4, direction }],
  };
}

describe("masking", () => {
  it("is right where the access is masked and the mask as it was", () => {
    expect(checkMasking(rules, traced([0, 0x40, 0], 0), [0], none)).toEqual({ maskedAccesses: 1 });
    expect(checkMasking(rules, traced([0x10, 0x10], 0x10), [0x10], none)).toEqual({ maskedAccesses: 1 });
  });

  it("is wrong where the access is not masked, or at too little a priority", () => {
    for (const level of [0, 0x80]) {
      const { fault } = checkMasking(rules, traced([0, level, 0], 0), [0], none);
      expect(fault).toEqual({ at: 0x102, message: "reads the heap at 0x20000008 with interrupts let in" });
    }
  });

  it("need not be where a payload of the call's own is copied", () => {
    const own = { start: heap + 8, end: heap + 16 };
    const reads = { read: own, written: undefined };
    expect(checkMasking(rules, traced([0, 0, 0], 0), [0], reads).fault).toBeUndefined();
    const { fault } = checkMasking(rules, traced([0, 0, 0], 0, "write"), [0], reads);
    expect(fault?.message).toBe("writes the heap at 0x20000008 with interrupts let in");
  });

  it("is wrong where a function of the user's is called under the lock, and right with the mask of the caller", () => {
    const told = (level: number, before: number) =>
      checkMasking(rules, { ...traced([before, 0x10, before], before), hooks: [[level]] }, [before], none)
        .fault;
    expect(told(0, 0)).toBeUndefined();
    expect(told(0x20, 0x20)).toBeUndefined();
    expect(told(0x40, 0)?.message).toBe(
      "calls a function of the user's with LEVEL 0x00000040, called with LEVEL 0x00000000",
    );
  });

  it("is wrong where the caller's mask is lost, for ever or a while", () => {
    expect(checkMasking(rules, traced([0, 0x40], 0x40), [0], none).fault).toEqual({
      at: undefined,
      message: "returns with LEVEL 0x00000040, called with LEVEL 0x00000000",
    });
    expect(checkMasking(rules, traced([0x20, 0x40, 0x20], 0x20), [0x20], none).fault).toEqual({
      at: 0x102,
      message: "lets interrupts of priority 32 in, which its caller had masked: LEVEL 0x00000040",
    });
  });
});
