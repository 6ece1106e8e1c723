import { expect, it } from "vitest";
import { parseChips } from "./parse.js";

it("reads a line as chips that have its core and its regions", () => {
  const text = "# a comment\ncortex-m4\tA1 A2\tCCM@0x10000000+65536\tIRAM2 + IRAM1@0x1fffe000+20416\n\n";
  const regions = [
    { name: "CCM", start: 0x10000000, bytes: 65536 },
    { name: "IRAM2 + IRAM1", start: 0x1fffe000, bytes: 20416 },
  ];
  expect(parseChips(text)).toEqual([
    { name: "A1", core: "cortex-m4", regions },
    { name: "A2", core: "cortex-m4", regions },
  ]);
});

it.each([
  "cortex-m4",
  "cortex-m4\tA1",
  "cortex-m4\tA1\tRAM",
  "cortex-m4\tA1\tRAM@0x20+5",
  "c\tA\tR@0x20000000+0",
])("names the line that is malformed: %j", (line) =>
  expect(() => parseChips(`# first\n${line}\n`)).toThrow("line 2 of the table of chips is malformed: "),
);
