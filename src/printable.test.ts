import { describe, expect, it } from "vitest";
import { AllocGenError, diagnose, formatDiagnostic, formatDiagnostics } from "./diagnostics.js";
import { printable, printableColors, printableLines } from "./printable.js";

const wild = "a\u001b[31m\nb\tc\u0007\u007f\u009b\u2028\u202ed é 漢";

describe("printable text", () => {
  it("shows controls, and leaves letters of any language", () => {
    expect(printable(wild)).toBe("a\\u001b[31m\\u000ab\\u0009c\\u0007\\u007f\\u009b\\u2028\\u202ed é 漢");
    expect(printableLines(wild)).toBe("a\\u001b[31m\nb\tc\\u0007\\u007f\\u009b\\u2028\\u202ed é 漢");
    expect(printableColors("\u001b[1mbold\u001b[22m\u001b[2J\u001b]0;title\u0007")).toBe(
      "\u001b[1mbold\u001b[22m\\u001b[2J\\u001b]0;title\\u0007",
    );
  });

  it("is all that a message has, whatever the user's text in it", () => {
    const where = { file: wild, path: [wild, 3], line: 1 };
    const faults = [
      diagnose("unknown-key", { key: wild, nearest: undefined, allowed: "x" }, where),
      diagnose("file-missing", { file: wild }),
      diagnose("compiler-failed", { compiler: wild, step: wild, output: "line\n\u001b[2Jline" }),
    ];
    const texts = faults.map(formatDiagnostic);
    for (const text of texts) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(texts.map((text) => text.split("\n").length)).toEqual([1, 1, 3]);
  });

  it("counts faults beyond a hundred", () => {
    const faults = Array.from({ length: 600_000 }, (_, index) =>
      diagnose("file-missing", { file: `f${index}` }),
    );
    const told = formatDiagnostics(faults);
    expect(told).toHaveLength(101);
    expect(told.at(-1)).toBe("and 599900 more faults");
    expect(new AllocGenError(2, faults).message.split("\n")).toEqual(told);
    expect(formatDiagnostics(faults.slice(0, 100))).toHaveLength(100);
  });
});
