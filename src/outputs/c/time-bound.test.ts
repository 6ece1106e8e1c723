import { describe, expect, test } from "vitest";
import { segregated, testConfig } from "../../../emulator-tests/support/configs.js";
import type { Budgets } from "../../config/config.js";
import { makePlan } from "../../policies/make-plan.js";
import { loadTarget } from "../../targets/load.js";
import { emitC } from "./emit.js";
import { timeBound } from "./time-bound.js";

/** What the header of a heap on a Cortex-M4 says of time. */
function linesOf(budgets: Budgets): string {
  const config = { ...testConfig({ policy: segregated(), size: 4096 }), target: "cortex-m4", budgets };
  const target = loadTarget(config.target);
  const provenance = { version: "0", configName: "a.json", configHash: "0", targetName: target.name };
  const [header] = emitC(makePlan(config, target), provenance);
  return /Time bound:[^]*?(?=\n \*\/)/.exec(header?.text ?? "")?.[0] ?? "";
}

describe("the header's line on time", () => {
  test("names no cycles without a limit on the proven bound", () => {
    expect(linesOf({ cycles: { malloc: { worst: 90 } } })).toBe("Time bound: malloc O(1); free O(1).");
  });

  test("names the cycles that every run proves", () => {
    expect(linesOf({ cycles: { malloc: { bound: 90 }, free: { bound: 80 } } })).toBe(
      "Time bound: malloc O(1), at most 90 cycles; free O(1), at most 80 cycles.\n" +
        " * Cycles are modelled on cortex-m4 at -O2, zero wait states; every run proves the bound.",
    );
    expect(linesOf({ cycles: { free: { bound: 80 } } })).toContain(
      "malloc O(1); free O(1), at most 80 cycles.",
    );
  });

  test("names the wait states of the flash", () => {
    const policy = { mallocBound: "O(1)", freeBound: "O(1)" };
    expect(timeBound({ malloc: 9, optimize: "-Os", waitStates: 1 }, policy, "m")).toContain(
      "on m at -Os, 1 wait state;",
    );
    expect(timeBound({ malloc: 9, optimize: "-Os", waitStates: 2 }, policy, "m")).toContain("2 wait states;");
  });
});
