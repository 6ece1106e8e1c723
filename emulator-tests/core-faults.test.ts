/** What the emulator would let pass and the core would not fails the run, with the address and the source line. */
import { describe, expect, test } from "vitest";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { sequential } from "./support/configs.js";
import { fromNotation } from "./support/notation.js";
import { f } from "./support/c-words.js";
import { changed, insert } from "./support/hand-made-fault.js";
import { unalignedTargets } from "./support/targets.js";

interface BadCode {
  readonly name: string;
  readonly target: string;
  /** A statement of free's. */
  readonly statement: string;
  readonly message: RegExp;
}

const badCode: readonly BadCode[] = [
  {
    name: "CLZ on ARMv6-M",
    target: "cortex-m0plus",
    statement: '__asm volatile(".inst.w 0xfab0f080" : : : "r0");',
    message: /^undefined-instruction: the instruction 0xfab0f080 at 0x\w+ does not exist on this core/,
  },
  {
    name: "CLZ on the Baseline of ARMv8-M",
    target: "cortex-m23",
    statement: '__asm volatile(".inst.w 0xfab0f080" : : : "r0");',
    message: /^undefined-instruction: the instruction 0xfab0f080 at 0x\w+ does not exist on this core/,
  },
  {
    name: "IT on the Baseline of ARMv8-M",
    target: "cortex-m23",
    statement: '__asm volatile(".inst.n 0xbf08; nop");',
    message: /^undefined-instruction: the instruction 0x0000bf08 at 0x\w+ does not exist on this core/,
  },
  {
    name: "a low-overhead loop, which ARMv8.1-M has,",
    target: "cortex-m55",
    statement: '__asm volatile(".inst.w 0xf040e001" : : : "lr");',
    message: /^undefined-instruction: the instruction 0xf040e001 at 0x\w+ is undefined or unpredictable/,
  },
  {
    name: "a DSP instruction on ARMv7-M",
    target: "cortex-m3",
    statement: '__asm volatile(".inst.w 0xfa80f080" : : : "r0");',
    message: /^undefined-instruction: the instruction 0xfa80f080 at 0x\w+ does not exist on this core/,
  },
  {
    name: "a floating-point instruction",
    target: "cortex-m4",
    statement: '__asm volatile(".inst.w 0xee300a00");',
    message: /^undefined-instruction: .* needs the floating-point unit, which is off/,
  },
  {
    name: "an unpredictable instruction",
    target: "cortex-m7",
    statement: '__asm volatile(".inst.w 0xe9d00000" : : : "r0");',
    message: /^undefined-instruction: the instruction 0xe9d00000 at 0x\w+ is undefined or unpredictable/,
  },
  ...unalignedTargets.map((target) => ({
    name: `an unaligned LDM on ${target}`,
    target,
    statement: '__asm volatile("ldmia %0, {r2, r3}" : : "r"((uint32_t)pointer + 2U) : "r2", "r3");',
    message:
      /^unaligned-access: the instruction at 0x\w+ accesses 0x\w+, and the address must be a multiple of 4/,
  })),
  ...["cortex-m0", "cortex-m23"].map((target) => ({
    name: `an unaligned word on ${target}`,
    target,
    statement: '__asm volatile("ldr r2, [%0]" : : "r"((uint32_t)pointer + 2U) : "r2");',
    message: /^unaligned-access: .* accesses 0x\w+, and the core does not allow unaligned accesses/,
  })),
];

describe("a run fails at", () => {
  test.each(badCode)("$name", async ({ target, statement, message }) => {
    let line = 0;
    const edit = (source: string): string => {
      const edited = changed(f.appFree, insert(statement))(source);
      line = edited.slice(0, edited.indexOf(statement)).split("\n").length;
      expect(line).toBeGreaterThan(1);
      return edited;
    };
    const bench = await benchFor({ policy: sequential(), size: 4096, target }, edit);
    const operations = fromNotation(["a 0 16", "a 1 24", "f 0"]);
    const { mismatch } = verifyWorkload(bench, "bad code", operations).result;
    expect(mismatch).toMatchObject({ kind: "fault", operation: 2 });
    expect(mismatch?.message).toMatch(message);
    expect(mismatch?.message).toMatch(new RegExp(`\\(app_heap\\.c:${line}\\)$`));
    expect(mismatch?.source).toBe(`app_heap.c:${line}`);
  });
});
