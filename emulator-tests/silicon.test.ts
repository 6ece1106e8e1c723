/** `npm run silicon`, on code of the test's own: it builds, calls and prints what was published beside what is modelled. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

/** A function with an instruction that is written as data, and one that needs the C library. */
const assembly = `.syntax unified
.thumb
.global counts
.type counts, %function
counts:
1: subs r0, r0, #1
bne 1b
.short 0xbf00
bx lr
`;
const c = `#include <string.h>
int measures(const char *text) { return strlen(text); }
`;

const program = {
  target: "cortex-m0plus",
  flags: ["-O1"],
  files: ["project/counts.s", "project/measures.c"],
  writtenAsData: ["project/counts.s"],
  libc: true,
  place: 0,
  withCall: true,
  around: 1,
  cases: [
    { call: "counts 3", cycles: 16, use: "rule" },
    { call: "measures buffer:4", cycles: 100 },
  ],
};

it("prints published and modelled cycles, and the errors by core", () => {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-silicon-test-"));
  try {
    mkdirSync(join(folder, "project"));
    writeFileSync(join(folder, "project", "counts.s"), assembly);
    writeFileSync(join(folder, "project", "measures.c"), c);
    const cases = join(folder, "cases.jsonc");
    writeFileSync(cases, `// A comment.\n${JSON.stringify({ one: program })}`);
    const words = ["tsx", "scripts/silicon.ts", "--sources", folder, "--cases", cases, "--json"];
    const said = JSON.parse(execFileSync("npx", words, { encoding: "utf8" })) as {
      readonly cases: readonly { readonly function: string; readonly modelled: number }[];
      readonly summaries: readonly unknown[];
    };
    // Around it, BL, three rounds of which the last does not go back, the halfword, BX LR.
    expect(said.cases[0]).toMatchObject({ function: "counts", modelled: 1 + 3 + 3 + 3 + 2 + 1 + 2 });
    expect(said.cases[1]?.modelled).toBeGreaterThan(10);
    expect(said.summaries).toHaveLength(3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
