import { describe, expect, it } from "vitest";
import { defaultAnswers, initialConfigText, starters, type InitialAnswers } from "./initial.js";
import { parseConfigText } from "./load.js";
import { optimizations } from "./vocabulary.js";

/** Starters that are a preset of another policy. */
const kinds = new Map([
  ["seed", "sequential-fit"],
  ["fast", "segregated-fit"],
  ["frugal", "segregated-fit"],
]);

describe("the config that init writes", () => {
  const everyAnswer = starters.flatMap(({ name: policy }) =>
    ([4, 8, 16, 32] as const).flatMap((alignment) =>
      (["null", "unique"] as const).flatMap((zeroSize) =>
        optimizations.flatMap((optimize) =>
          [512, "32KiB", "1MiB"].map((heapSize): InitialAnswers => ({
            ...defaultAnswers,
            policy,
            alignment,
            zeroSize,
            optimize,
            heapSize,
          })),
        ),
      ),
    ),
  );

  it("loads without faults for every answer, and means it", () => {
    for (const answers of everyAnswer) {
      const { config } = parseConfigText(initialConfigText(answers), "alloc-gen.json", {
        targets: ["cortex-m4"],
      });
      expect(config.heap.alignment).toBe(answers.alignment);
      expect(config.zeroSize).toBe(answers.zeroSize);
      expect(config.toolchain.optimize).toBe(answers.optimize);
      expect(config.header.links.place).toBe(answers.policy === "seed" ? "slots" : "intrusive");
      expect(config.policy.kind).toBe(kinds.get(answers.policy) ?? answers.policy);
    }
  });

  it("stays a config when its commented keys are switched on", () => {
    const text = initialConfigText().replace(/\/\/ ("[a-zA-Z]+": .*)/g, "$1");
    expect(text).toContain('\n  "limits"');
    const withoutTrace = text.replace(/ "traces".*\n/, "\n");
    const { config } = parseConfigText(withoutTrace, "alloc-gen.json");
    expect(config.heap.placement).toEqual({ kind: "static", section: ".ccmram" });
    expect(config.limits).toEqual({ largest: 1024, smallest: 8 });
    expect(config.budgets).toEqual({
      flash: 2048,
      stack: 128,
      cycles: { malloc: { worst: 400 }, free: { worst: 400 } },
    });
  });
});
