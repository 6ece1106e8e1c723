/** Both engines against each other: they agree, and when they do not it is told where they part. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Image } from "../src/toolchain/image.js";
import type { Engine } from "../src/emulators/engine.js";
import { qemuEngine } from "../src/emulators/qemu/engine.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import { prepare, run } from "../src/pipeline.js";
import { reportHeap } from "../src/report/make-report.js";
import { loadTarget } from "../src/targets/load.js";
import { bothEngines } from "../src/emulators/compared/paired.js";
import { openEngine } from "../src/verify/engines.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { segregated, sequential } from "./support/configs.js";
import { assemblyHeapImage, operationsOf, uniformOperations } from "./support/engine-images.js";
import { targetNames } from "./support/targets.js";

/** QEMU, running another image than it is given. */
const running = (image: Image): Engine => {
  const qemu = qemuEngine();
  return {
    ...qemu,
    open: (_image, target, operations, options) => qemu.open(image, target, operations, options),
  };
};

describe.each(targetNames)("on %s", (target) => {
  it.each([
    ["segregated-fit", segregated()],
    ["sequential-fit", sequential({})],
  ])("%s is the same in all engines and in the reference", async (_name, policy) => {
    const bench = await benchFor({ policy, target, optimize: "-O2" });
    const outcome = verifyWorkload(
      { ...bench, engine: openEngine("js+unicorn+qemu") },
      "uniform",
      uniformOperations(1500),
    );
    expect(outcome.result.mismatch).toBeUndefined();
    expect(outcome.result.malloc.calls + outcome.result.free.calls).toBe(1500);
  });
});

describe("a difference", () => {
  const malloc = (middle: string): string => `cmp r0, #8\nbls 1f\n${middle}\n1: ldr r0, =heap\nbx lr`;
  const images = (one: string, other: string): Promise<readonly Image[]> =>
    Promise.all([one, other].map((text) => assemblyHeapImage({ malloc: text, free: "bx lr" }, "cortex-m3")));
  const hex = (address: number): string => `0x${address.toString(16).padStart(8, "0")}`;

  async function differ(one: string, other: string) {
    const [first, second] = await images(one, other);
    if (first === undefined || second === undefined) throw new Error("no images");
    const engine = bothEngines(unicornEngine(), running(second));
    const operations = operationsOf([8, 4, { free: 0 }, 16, 32]);
    const session = engine.open(first, loadTarget("cortex-m3"), operations, { checkPayloads: false });
    try {
      expect(session.reset()).toBeUndefined();
      return { outcome: session.execute(0, 5), entry: first.entries.malloc };
    } finally {
      session.close();
    }
  }

  it("of instructions names the operation and where they part", async () => {
    const { outcome, entry } = await differ(malloc("b 1f\nnop"), malloc("nop\nnop"));
    const parted = `they diverge after the instruction at ${hex(entry + 4)}: unicorn executes ${hex(entry + 8)}, qemu executes ${hex(entry + 6)}`;
    expect(outcome).toEqual({
      completed: 3,
      fault: {
        cause: "engines-differ",
        operation: 3,
        pc: entry + 8,
        message: `operation 3 takes 5 instructions in unicorn, 6 instructions in qemu; ${parted}`,
      },
    });
  });

  it("of addresses is one even where the same instructions run", async () => {
    const tail = (offset: number): string =>
      `ldr r1, =heap\nlsrs r0, r0, #3\nlsls r0, r0, #${offset}\nadds r0, r0, r1\nbx lr`;
    const { outcome } = await differ(tail(3), tail(4));
    expect(outcome).toMatchObject({ completed: 0, fault: { cause: "engines-differ", operation: 0 } });
    expect(outcome.fault?.message).toMatch(
      /^operation 0 returns 0x20000008 in unicorn, 0x20000010 in qemu; both execute the same 5 instructions$/,
    );
  });

  it("of heap bytes is seen at the end of the batch", async () => {
    const store = (value: number): string =>
      `ldr r1, =heap\nmovs r2, #${value}\nstrb r2, [r1, #5]\nmov r0, r1\nbx lr`;
    const { outcome } = await differ(store(1), store(2));
    expect(outcome.fault?.message).toBe(
      "byte 5 of the heap is 1 in unicorn, 2 in qemu after operation 4; both execute the same 5 instructions",
    );
  });

  it("of faults is one", async () => {
    const { outcome } = await differ(malloc("nop"), malloc("udf #0"));
    expect(outcome).toMatchObject({ completed: 3, fault: { cause: "engines-differ", operation: 3 } });
    expect(outcome.fault?.message).toMatch(
      /^qemu stops in operation 3 \(the instruction at 0x[0-9a-f]{8} is undefined\), unicorn does not/,
    );
  });

  it("fails the workload, with the shortest sequence that shows it", async () => {
    const bench = await benchFor({ policy: segregated(), target: "cortex-m4", optimize: "-O2" });
    const slower = await benchFor({ policy: segregated(), target: "cortex-m4", optimize: "-Os" });
    const engine = bothEngines(unicornEngine(), running(slower.image));
    const { mismatch } = verifyWorkload({ ...bench, engine }, "uniform", uniformOperations(200)).result;
    expect(mismatch?.kind).toBe("fault");
    expect(mismatch?.minimal).toHaveLength(1);
    expect(mismatch?.message).toMatch(
      /^engines-differ: operation 0 takes \d+ instructions in unicorn, \d+ instructions in qemu; they diverge /,
    );
  });
});

describe("the main job", () => {
  const version = "\\d+\\.\\d+\\.\\d+";
  it.each([
    ["js", `js ${version}`],
    ["qemu", `qemu ${version}`],
    ["js+unicorn", `js ${version} and unicorn ${version}`],
    ["both", `unicorn ${version} and qemu ${version}`],
  ] as const)("runs with --engine %s", async (engine, name) => {
    const config = fileURLToPath(new URL("../examples/seed", import.meta.url));
    const project = prepare(`${config}/alloc-gen.json`, {
      set: ["verify.operations=300", "verify.traces=[]"],
    });
    const result = await run(project, { engine });
    const report = reportHeap(result);
    expect(report.ok).toBe(true);
    expect(report.engine).toMatch(new RegExp(`^${name}$`));
  });
});
