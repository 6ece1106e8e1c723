import { describe, expect, it } from "vitest";
import { minimalLines } from "./minimal-lines.js";

const sequence = (length: number) => Array.from({ length }, (_, index) => `a ${index} 8`);

describe("the lines of a sequence", () => {
  it("are all of one that fits", () => {
    expect(minimalLines({ minimal: ["a 0 8"] })).toEqual({
      title: "The shortest sequence found that differs (1 operation):",
      lines: ["  a 0 8"],
    });
    expect(minimalLines({ minimal: sequence(40) }).lines).toHaveLength(40);
  });

  it("are the first and the last of a longer one, and how many are left out", () => {
    const { title, lines } = minimalLines({ minimal: sequence(1041) });
    expect(title).toContain("(1,041 operations)");
    expect(lines).toHaveLength(41);
    expect(lines.slice(7, 10)).toEqual(["  a 7 8", "  ... 1,001 more, all in the JSON report", "  a 1009 8"]);
    expect(lines.at(-1)).toBe("  a 1040 8");
  });
});
