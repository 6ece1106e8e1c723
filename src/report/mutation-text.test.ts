import { expect, it } from "vitest";
import type { Mutant } from "../mutation/mutant.js";
import type { TriedMutant } from "../mutation/try-mutants.js";
import type { Verdict } from "../mutation/verdict.js";
import { makeMutationReport } from "./mutation-report.js";
import { mutationText } from "./mutation-text.js";
import { exampleResult } from "./run.fixture.js";

const text = "uint32_t half(uint32_t a)\n{\n    return a / 2U;\n}\n";
const at = text.indexOf("/");

const mutant = (by: string): Mutant => ({
  operator: "arithmetic",
  function: "half",
  line: 3,
  edits: [{ start: at, end: at + 1, text: by }],
});

const result = (...verdicts: readonly Verdict[]) => ({
  project: exampleResult().project,
  seed: 7,
  source: { name: "app_heap.c", text },
  all: 20,
  tried: verdicts.map((verdict, index): TriedMutant => ({ mutant: mutant("*+-%"[index] ?? ""), verdict })),
  interrupted: false,
});

const killed: Verdict = { kind: "killed", stage: "workloads", message: "uniform: malloc(8) differs" };
const survived: Verdict = { kind: "survived", cycles: { mutant: 130, original: 100 } };

it("shows survivors as diffs, and the shares", () => {
  const report = makeMutationReport(
    result(killed, survived, { kind: "same code" }, { kind: "not compiled" }),
    100,
  );
  expect(report.ok).toBe(false);
  expect(mutationText.print(report)).toBe(`app_heap for cortex-m4: mutants of the C
policy     segregated-fit
mutants    2 verified, drawn from 20 with seed 7
beside     1 with the same object code, 1 that do not compile, 0 known to be equivalent

Operator    killed  survived   share  same code  not compiled
arithmetic       1         1  50.0 %          1             1

Function  killed  survived   share  same code  not compiled
half           1         1  50.0 %          1             1

Killed by  mutants
workloads        1

SURVIVED: arithmetic in half, line 3; other object code, +30 cycles
--- app_heap.c	generated
+++ app_heap.c	mutant
@@ -1,4 +1,4 @@
 uint32_t half(uint32_t a)
 {
-    return a / 2U;
+    return a + 2U;
 }

TOO FEW: 1 of 2 mutants killed (50.0 %), minimum 100 %.
`);
});

it("is good from the minimum on, and not when it was interrupted", () => {
  expect(makeMutationReport(result(killed, survived), 50)).toMatchObject({ ok: true, killedPercent: 50 });
  expect(makeMutationReport(result(killed), 100).ok).toBe(true);
  const interrupted = makeMutationReport({ ...result(killed), interrupted: true }, 50);
  expect(interrupted.ok).toBe(false);
  expect(mutationText.print(interrupted)).toContain("INTERRUPTED: 1 of 1 mutants killed (100.0 %).");
});

it("a share of nothing is none, and no run of nothing is good", () => {
  const report = makeMutationReport(result(), 100);
  expect(report).toMatchObject({ ok: false, killedPercent: null });
  expect(mutationText.print(report)).toContain("TOO FEW: no mutant was verified, minimum 100 %.");
});
