import { describe, expect, it } from "vitest";
import { certificateText } from "./certificate-text.js";
import { mutationText } from "./mutation-text.js";
import { comparisonText } from "./peers-text.js";
import { exampleCertificate, exampleComparison, exampleSizes, exampleTune } from "./page/reports.fixture.js";
import { sizeText } from "./size-text.js";
import { targetsText } from "./targets-text.js";
import { timeText } from "./time-text.js";
import { tuneText } from "./tune-text.js";

const cost = { instructions: 12_345, cycles: 67_890 };
const long = "a_function_whose_name_is_longer_than_most_names_that_anybody_would_ever_think_of_giving_one";

/** What each format prints of an example, by width. */
const texts: Readonly<Record<string, (width?: number) => string>> = {
  compare: (width) => comparisonText.print(exampleComparison, width),
  size: (width) => sizeText.print(exampleSizes, width),
  tune: (width) => tuneText.print(exampleTune, width),
  certify: (width) => certificateText.print(exampleCertificate, width),
  targets: (width) =>
    targetsText.print(
      {
        version: 1,
        targets: [
          {
            name: "cortex-m4",
            description: "Arm Cortex-M4 (ARMv7E-M)",
            architecture: "armv7e-m",
            cycleModel: "cortex-m4 pipeline (on silicon: mean error 0.7 %, most 2.1 %)",
            estimate: false,
          },
        ],
      },
      width,
    ),
  time: (width) =>
    timeText.print(
      {
        version: 1,
        file: "a.elf",
        function: "f",
        target: "cortex-m4",
        engine: "js 20",
        cycleModel:
          "a model with a description that goes on and on, as those of cores do that nobody published",
        estimate: true,
        withCall: false,
        returned: { register: "r0", value: 1 },
        calls: [cost],
        first: cost,
        least: cost,
        most: cost,
        functions: [{ name: long, ...cost }],
        lines: [{ line: "a_file.c:12", ...cost }],
        instructions: [
          {
            address: 0x1000,
            function: "f",
            text: "ldrh.w ip, [r0, #-2]",
            line: "a_file.c:12",
            count: 3,
            cycles: 6,
          },
        ],
      },
      width,
    ),
  mutate: (width) =>
    mutationText.print(
      {
        version: 1,
        ok: true,
        interrupted: false,
        name: "app_heap",
        target: "cortex-m4",
        policy: "segregated-fit",
        seed: 1,
        all: 5000,
        killed: 100,
        survived: 0,
        equivalent: 3,
        sameCode: 20,
        notCompiled: 4,
        killedPercent: 100,
        minimumPercent: 100,
        operators: [
          { name: "constant", killed: 100, survived: 0, equivalent: 3, sameCode: 20, notCompiled: 4 },
        ],
        functions: [{ name: long, killed: 100, survived: 0, equivalent: 3, sameCode: 20, notCompiled: 4 }],
        stages: [{ name: "workloads", killed: 100 }],
        survivors: [],
        mutants: [],
      },
      width,
    ),
};

/** All that is written, however it is broken into lines. */
const said = (text: string): string => text.replace(/\s/g, "");

describe.each(Object.entries(texts))("the text of %s", (_name, print) => {
  it.each([80, 100, 120])("fits %d columns", (width) => {
    const lines = print(width).split("\n");
    expect(lines.filter((line) => line.length > width)).toEqual([]);
  });

  it("says on narrow terminals what it says on wide ones", () => {
    const [narrow, wide] = [print(80), print(1000)].map(said);
    for (const word of print(1000).split(/\s+/))
      expect(narrow).toContain(word.length > 16 ? word.slice(0, 16) : word);
    expect((narrow ?? "").length).toBeGreaterThanOrEqual((wide ?? "").length);
  });

  it("has 100 columns where nobody knows the width", () => {
    expect(print()).toBe(print(100));
  });
});
