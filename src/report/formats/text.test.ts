import { describe, expect, it, vi } from "vitest";
import { bytes } from "../../units.js";
import {
  exampleMismatch,
  exampleReport,
  exampleResult,
  failingReport,
  figures,
  workload,
  predicted,
  warningReport,
} from "../run.fixture.js";
import { makeReport } from "../make-report.js";
import { text as format } from "./text.js";

vi.mock("../../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

const print = (result = exampleResult(), budgets = {}): string =>
  format.print(exampleReport(result, budgets));

describe("the text", () => {
  it("says everything a person asks first", () => {
    expect(print()).toMatchInlineSnapshot(`
      "app_heap for cortex-m4: Arm Cortex-M4 (ARMv7E-M)
      toolchain  arm-none-eabi-gcc 12.2.1 -O2
      engine     unicorn 2.0.1
      cycles     modelled: cortex-m4 plain table (estimate)
      policy     segregated-fit, blocks from 16 B, requests to 32,636 B
      plan       heap 32,768 B, alignment 8, header 4 B, control 120 B

      <memory map>

      Size in bytes
      flash       612  malloc 300, free 200, init 112
      RAM      32,768  the heap, control data included
      stack        48  malloc 48, free 32

                                                                instr.                     cycles
      Workload                 ops   failed              mean      p99      max     mean      p99      max
      uniform               20,000        3  malloc      31.3       60       60     45.5      101      101
                                             free        21.0       44       44     30.5       71       71

      Bounds on any call, proven on the binary
              cycles  seen  ratio  stack  seen
      malloc    none   101          none    48
      free      none    71          none    32
      malloc: the number of iterations of the loop at 0x140 is not known
      free: the number of iterations of the loop at 0x140 is not known

      Checked   20,000 operations, 12,000 addresses, all metadata 79 times, 1,234,567 payload bytes
      Called    3 public functions 417 times, in 12 states of the heap
      Predicted the cycles of 200 operations, all exactly
      Covered   38 of 40 conditional branches went both ways
                never taken: 0x1a0 app_heap.c:210
      Took      2.33 s: load 0.01, generate 0.02, build 0.50, reference 0.10, emulate 1.50, compare 0.20

      OK: the C matches the reference.
      "
    `);
  });

  it.each([80, 100, 120])("fits %d columns with long names, huge figures and a mismatch", (width) => {
    const huge = {
      calls: 9e6,
      failed: 999999,
      instructions: figures(99999.9, 999999),
      cycles: figures(99999.9, 999999),
      predicted,
    };
    const result = exampleResult([
      workload("a-recorded-trace-with-a-name-that-is-long", {
        operations: 9_999_999,
        malloc: huge,
        free: huge,
        mismatch: { ...exampleMismatch, message: "word ".repeat(60).trim() },
      }),
    ]);
    const functions = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`function_${i}`, 1000 + i]));
    const wide = { ...result, image: { ...result.image, size: { ...result.image.size, functions } } };
    const budgets = { flash: bytes(1), ram: bytes(1), stack: bytes(1) };
    const lines = format.print(exampleReport(wide, budgets), width).split("\n");
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    for (const part of ["a-recorded-trace-", "with-a-name-that-", "is-long", "9,999,999"])
      expect(lines.some((line) => line.trimStart().includes(part))).toBe(true);
    expect(lines.filter((line) => line.includes("999999  ")).length).toBeGreaterThan(0);
  });

  it("shows a mismatch whole: the sentence, the sequence and both heaps", () => {
    const text = print(exampleResult([workload("holes", { mismatch: exampleMismatch })]));
    expect(text).toContain(
      [
        "holes, operation 41: malloc(24): the reference says offset 128, the C returned offset 136",
        "The shortest sequence found that differs (3 operations):",
        "  a 1 24",
        "  f 1",
        "  a 2 24",
        "At its end: malloc(24): the reference says offset 128, the C returned offset 136",
        "The reference's heap:",
        "[ref]",
        "The emulated heap:",
        "[emu]",
      ].join("\n"),
    );
    expect(text).toContain("FAILED: the C and the reference differ (holes).");
    expect(text).not.toContain("OK:");
  });

  it("lists budgets, and says which one is exceeded", () => {
    const text = print(exampleResult(), { cycles: { malloc: { mean: 45 } }, flash: bytes(1024) });
    expect(text).toContain("malloc mean cycles  45.5  of     45  exceeded\n");
    expect(text).toContain("flash bytes          612  of  1,024\n");
    expect(text).toContain("FAILED: over budget: malloc mean cycles.");
  });

  it("warns of a wrong prediction, and fails for it where it is told to", () => {
    const text = format.print(warningReport());
    expect(text).toContain(
      "OK: the C matches the reference.\nWarning: cycles were predicted wrongly (uniform).",
    );
    const [heap] = warningReport().heaps;
    if (heap === undefined) throw new Error("there is one heap");
    const failed = format.print(makeReport([{ ...heap, strict: true, ok: false }]));
    expect(failed).toContain("FAILED: cycles were predicted wrongly (uniform).");
    expect(failed).not.toContain("Warning");
  });

  it("has colours only when asked for", () => {
    const escape = String.fromCharCode(27);
    expect(print()).not.toContain(escape);
    expect(format.printColored?.(exampleReport())).toContain(`${escape}[32mOK`);
  });
});

describe("what calling single functions showed", () => {
  const lines = format.print(failingReport()).split("\n");

  it("is the call that differs, and what was called before it", () => {
    const at = lines.indexOf(
      "app_heap_usable_size: usable_size(offset 124): 28 in the reference, 24 on the core",
    );
    expect(lines.slice(at + 1, at + 4)).toEqual(["Calls before it:", "  init", "  malloc(24)"]);
    expect(lines.join(" ")).toContain("app_heap_usable_size differs from the reference");
  });

  it("names what was not run", () => {
    const at = lines.indexOf("Called    4 public functions 57 times, in 2 states of the heap");
    expect(lines[at + 1]).toBe("Not run   app_heap_capacity: no probe calls it");
  });
});
