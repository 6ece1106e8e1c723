import { describe, expect, it, vi } from "vitest";
import type { LockProof } from "../verify/interrupts/lock-proof.js";
import { checksOfHeap } from "./checks.js";
import { text } from "./formats/text.js";
import { reportHeap } from "./make-report.js";
import { differs } from "./report.js";
import { exampleReport, exampleResult } from "./run.fixture.js";

vi.mock("../plan/draw.js", () => ({ drawMemoryMap: () => "<memory map>" }));

const sound: LockProof = {
  states: ["an empty heap", "a full heap"],
  functions: [
    { name: "malloc", calls: 12, boundaries: 1234, open: 321 },
    { name: "free", calls: 3, boundaries: 99, open: 9 },
  ],
  maskedAccesses: 2345,
  callerStates: ["with interrupts let in", "with a mask set"],
  unmasked: [],
  broken: [],
  brokenBoundaries: 0,
};

const unsound: LockProof = {
  ...sound,
  unmasked: [
    {
      function: "free",
      call: "free(block 0) in a full heap",
      at: 0x124,
      source: "app_heap.c:77",
      message: "reads the heap at 0x20000010 with interrupts let in",
    },
  ],
  broken: [
    {
      function: "malloc",
      call: "malloc(8) in an empty heap, interrupted",
      message: "it returns NULL, in the reference 0x20000010",
    },
  ],
  brokenBoundaries: 7,
};

function resultOf(interrupts: LockProof) {
  const result = exampleResult();
  return { ...result, verification: { ...result.verification, interrupts } };
}

describe("interrupts between instructions", () => {
  it("are told where the heap is sound", () => {
    const report = exampleReport(resultOf(sound));
    expect(report.ok).toBe(true);
    expect(differs(report)).toBe(false);
    expect(text.print(report)).toContain(
      [
        "Interrupts between instructions, whose handlers use the heap (no lock is needed)",
        "        calls  boundaries  open",
        "malloc     12       1,234   321",
        "free        3          99     9",
        "in an empty heap, a full heap: 0 broken",
        "2,345 accesses to metadata, all with interrupts masked; called with interrupts let in, with a mask",
        "set",
      ].join("\n"),
    );
  });

  it("are nothing to tell where the heap has no lock", () => {
    expect(reportHeap(exampleResult())).not.toHaveProperty("interrupts");
    expect(text.print(exampleReport())).not.toContain("Interrupts between");
  });

  it("fail the run where the heap is not protected, and keep the C from being written", () => {
    const report = exampleReport(resultOf(unsound));
    expect(report.ok).toBe(false);
    expect(differs(report)).toBe(true);
    const printed = text.print(report);
    expect(printed).toContain("in an empty heap, a full heap: 7 broken");
    expect(printed).toContain("2,345 accesses to metadata, not all with interrupts masked");
    expect(printed.replaceAll("\n", " ")).toContain(
      "free(block 0) in a full heap: reads the heap at 0x20000010 with interrupts let in (app_heap.c:77)",
    );
    expect(printed).toContain("FAILED: interrupts are not kept out (free, malloc).");
  });

  it("are a check of each function", () => {
    const checks = checksOfHeap(reportHeap(resultOf(unsound), { sourceFolder: "generated" }));
    expect(checks.filter(({ group }) => group === "interrupts")).toEqual([
      {
        group: "interrupts",
        name: "malloc",
        failures: [
          {
            rule: "unprotected",
            message: "malloc(8) in an empty heap, interrupted: it returns NULL, in the reference 0x20000010",
            what: "0",
          },
        ],
        note: "1,234 boundaries in 12 calls, interrupts let in at 321",
      },
      {
        group: "interrupts",
        name: "free",
        failures: [
          {
            rule: "unprotected",
            message:
              "free(block 0) in a full heap: reads the heap at 0x20000010 with interrupts let in (app_heap.c:77)",
            place: { file: "generated/app_heap.c", line: 77 },
            what: "0",
          },
        ],
        note: "99 boundaries in 3 calls, interrupts let in at 9",
      },
    ]);
  });
});
