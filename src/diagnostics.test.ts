import { describe, expect, it } from "vitest";
import { AllocGenError, diagnose, formatDiagnostic, formatPath } from "./diagnostics.js";
import { nearestWord, showValue } from "./suggest.js";

describe("formatDiagnostic", () => {
  const found = { found: "1", allowed: "2" };
  it("shows as much of the place as is known", () => {
    expect(formatDiagnostic(diagnose("invalid-value", found))).toBe("found 1 (allowed: 2)");
    expect(formatDiagnostic(diagnose("invalid-value", found, { file: "a.json" }))).toBe(
      "a.json: found 1 (allowed: 2)",
    );
    const where = { file: "a.json", line: 3, column: 4, path: ["verify", "traces", 0] };
    expect(formatDiagnostic(diagnose("invalid-value", found, where))).toBe(
      "a.json:3:4: verify.traces[0]: found 1 (allowed: 2)",
    );
  });

  it("counts what is left out", () => {
    expect(diagnose("more-faults", { count: 1 }).message).toBe("and 1 more fault");
    expect(diagnose("more-faults", { count: 2 }).message).toBe("and 2 more faults");
  });
});

it("AllocGenError says every diagnostic", () => {
  const faults = [diagnose("file-missing", { file: "a" }), diagnose("syntax-error", { what: "b" })];
  expect(new AllocGenError(2, faults).message).toBe("no such file: a\nsyntax error: b");
});

it("formatPath writes keys and indexes as a program would", () => {
  expect([[], ["heap"], ["a", "b", 2, "c"]].map(formatPath)).toEqual(["", "heap", "a.b[2].c"]);
});

describe("nearestWord", () => {
  it("finds typing errors and wrong cases", () => {
    expect(nearestWord("frist", ["worst", "first"])).toBe("first");
    expect(nearestWord("BoundaryTag", ["boundaryTag"])).toBe("boundaryTag");
  });
  it("finds nothing where nothing is near", () => {
    expect(nearestWord("buddy", ["fit", "order"])).toBeUndefined();
    expect(nearestWord("x", ["a", "ab"])).toBeUndefined();
  });
});

it("showValue cuts long text and names containers", () => {
  expect([[], [1], {}, null, "a", 1.5].map(showValue)).toEqual([
    "an empty list",
    "a list",
    "an object",
    "null",
    '"a"',
    "1.5",
  ]);
  expect(showValue("x".repeat(99))).toBe(`"${"x".repeat(55)}…"`);
});
