/** The engine that runs where nobody chooses one: in JavaScript, with Unicorn as witness of a share of the operations. */
import { describe, expect, it } from "vitest";
import type { CoreEngine } from "../src/emulators/core/engine.js";
import { witnessedEngine } from "../src/emulators/compared/witnessed.js";
import type { Engine, Session, WitnessShare } from "../src/emulators/engine.js";
import { jsEngine } from "../src/emulators/js/engine.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import { allocatorNames, publicNames, uncalledNames } from "../src/outputs/c/names.js";
import { loadTarget } from "../src/targets/load.js";
import type { Image } from "../src/toolchain/image.js";
import { proveInterface } from "../src/verify/interface.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { buddy, segregated, sequential } from "./support/configs.js";
import { assemblyHeapImage, operationsOf, uniformOperations } from "./support/engine-images.js";
import { generatedFiles } from "./support/generated-program.js";
import { planOf } from "./support/dumps.js";
import { editOf } from "./support/hand-made-fault.js";
import { lookFaults } from "./support/look-faults.js";
import { targetNames } from "./support/targets.js";

/** Unicorn, running another image than it is given. */
function running(image: Image): CoreEngine {
  const unicorn = unicornEngine();
  return {
    ...unicorn,
    open: (_image, target, operations, options) => unicorn.open(image, target, operations, options),
  };
}

const engineWith = (witness: CoreEngine = unicornEngine()): Engine => witnessedEngine(jsEngine(), witness);
const share: WitnessShare = { kind: "share", seed: 1 };

const figuresOf = ({ results, instructions, cycles, maskingCycles, heap }: Session) =>
  [results, instructions, cycles, maskingCycles, heap].map((figures) => Buffer.from(figures.slice().buffer));

describe.each(targetNames)("on %s", (target) => {
  it.each([
    ["segregated-fit", segregated()],
    ["sequential-fit", sequential({})],
    ["buddy", buddy(4096)],
  ])("%s gives what it gives in JavaScript alone, and a share is witnessed", async (_name, policy) => {
    const bench = await benchFor({ policy, target });
    const operations = uniformOperations(4000);
    const [alone, watched] = [jsEngine(), engineWith()].map((engine) => {
      const session: Session = engine.open(bench.image, bench.target, operations, { witness: share });
      expect(session.reset(7)).toBeUndefined();
      for (let from = 0; from < 4000; from += 1000) {
        expect(session.execute(from, from + 1000)).toEqual({ completed: 1000 });
      }
      const found = {
        figures: figuresOf(session),
        stack: session.stackBytes(),
        coverage: session.coverage(),
        witnessed: session.witnessed?.(),
      };
      session.close();
      return found;
    });
    expect(watched).toEqual({ ...alone, witnessed: watched?.witnessed });
    expect(watched?.witnessed).toBeGreaterThan(0);
    expect(watched?.witnessed).toBeLessThan(4000);
  });
});

describe("a witness that comes to another end", () => {
  const malloc = (middle: string): string => `cmp r0, #8\nbls 1f\n${middle}\n1: ldr r0, =heap\nbx lr`;
  const hex = (address: number): string => `0x${address.toString(16).padStart(8, "0")}`;
  const requests = Array.from({ length: 2000 }, (_, index) => (index === 1777 ? 16 : 8));

  async function differ(one: string, other: string, witness: WitnessShare = share) {
    const [first, second] = await Promise.all(
      [one, other].map((text) => assemblyHeapImage({ malloc: text, free: "bx lr" }, "cortex-m3")),
    );
    if (first === undefined || second === undefined) throw new Error("no images");
    const options = { checkPayloads: false, witness };
    const session = engineWith(running(second)).open(
      first,
      loadTarget("cortex-m3"),
      operationsOf(requests),
      options,
    );
    try {
      expect(session.reset()).toBeUndefined();
      expect(session.execute(0, 1024)).toEqual({ completed: 1024 });
      return { outcome: session.execute(1024, 2000), entry: first.entries.malloc };
    } finally {
      session.close();
    }
  }

  it("on a path that one operation of all takes ends the run there, and says where they part", async () => {
    const { outcome, entry } = await differ(malloc("b 1f\nnop"), malloc("nop\nnop"));
    const parted = `they diverge after the instruction at ${hex(entry + 4)}: js executes ${hex(entry + 8)}, unicorn executes ${hex(entry + 6)}`;
    expect(outcome).toEqual({
      completed: 1777 - 1024,
      fault: {
        cause: "engines-differ",
        operation: 1777,
        pc: entry + 8,
        message: `operation 1777 takes 5 instructions in js, 6 instructions in unicorn; ${parted}`,
      },
    });
  });

  it.each([
    [
      "cycles alone",
      "nop\nnop",
      "ldr r1, =heap\nmov r2, r1",
      /takes \d+ cycles in js, \d+ cycles in unicorn/,
    ],
    [
      "a byte of the heap alone",
      "ldr r1, =heap\nstrb r0, [r1, #5]",
      "ldr r1, =heap\nstrb r0, [r1, #6]",
      /^byte 5 of the heap is 16 in js/,
    ],
    ["a fault alone", "nop\nnop", "nop\nudf #0", /^unicorn stops in operation 1777/],
  ])("by %s is found", async (_what, one, other, message) => {
    const { outcome } = await differ(malloc(one), malloc(other));
    expect(outcome.fault?.message).toMatch(message);
  });

  it("is not asked of operations that nobody is to witness", async () => {
    const { outcome } = await differ(malloc("b 1f\nnop"), malloc("nop\nnop"), { kind: "none" });
    expect(outcome).toEqual({ completed: 2000 - 1024 });
  });
});

it("a witness begins with registers, flags and stack as they are", async () => {
  // What an operation returns depends on what the one before left in a register, in the carry and below the stack.
  const malloc = `
    ite cs
    addcs r12, r12, #8
    addcc r12, r12, #16
    ldr r1, [sp, #-16]
    adds r1, r1, #24
    str r1, [sp, #-16]
    adds r2, r12, r1
    and r2, r2, #0xff0
    lsrs r1, r1, #4
    ldr r0, =heap
    orr r0, r0, r2
    bx lr`;
  const image = await assemblyHeapImage({ malloc, free: "bx lr" }, "cortex-m3");
  const operations = operationsOf(Array.from({ length: 3000 }, () => 4));
  const session = engineWith().open(image, loadTarget("cortex-m3"), operations, { checkPayloads: false });
  expect(session.reset()).toBeUndefined();
  for (let from = 0; from < 3000; from += 500) {
    expect(session.execute(from, from + 500)).toEqual({ completed: 500 });
  }
  expect(session.witnessed?.()).toBeGreaterThan(128);
  session.close();
});

it("a workload fails where the witness differs, with the shortest sequence that shows it", async () => {
  const bench = await benchFor({ policy: segregated(), target: "cortex-m4", optimize: "-O2" });
  const slower = await benchFor({ policy: segregated(), target: "cortex-m4", optimize: "-Os" });
  const engine = engineWith(running(slower.image));
  const { mismatch } = verifyWorkload({ ...bench, engine }, "uniform", uniformOperations(300)).result;
  expect(mismatch?.kind).toBe("fault");
  expect(mismatch?.minimal).toHaveLength(1);
  expect(mismatch?.message).toMatch(
    /^engines-differ: operation 0 takes \d+ instructions in js, \d+ instructions in unicorn; they diverge /,
  );
});

it("the interface is called on the witness too, which may be who errs", async () => {
  const [fault] = lookFaults;
  if (fault === undefined) throw new Error("no fault is made by hand");
  const keep = uncalledNames(generatedFiles(fault.config), allocatorNames(planOf(fault.config)));
  const bench = await benchFor(fault.config, undefined, keep);
  const wrong = await benchFor(fault.config, editOf(fault), keep);
  const whole = { image: bench.image, functions: publicNames(bench.plan, keep), uncalled: keep };
  const proveWith = (witness: CoreEngine) =>
    proveInterface({ ...bench, engine: engineWith(witness) }, whole, 1);
  const sound = proveWith(unicornEngine());
  expect(sound.mismatch).toBeUndefined();
  expect(sound.witnessedCalls).toBe(sound.calls);
  const unicorn = unicornEngine();
  const { mismatch } = proveWith({
    ...unicorn,
    caller: (_image, target, options) => unicorn.caller(wrong.image, target, options),
  });
  expect(mismatch?.found).toMatch(/ in unicorn, as expected in js$/);
});
