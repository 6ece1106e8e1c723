/**
 * Every rule of Cortex-M7 alone: a few instructions, what each takes, counted by hand from its statement. The younger of a
 * pair takes no cycle of its own.
 */
import { describe, expect, it } from "vitest";
import {
  cortexM7,
  type DualIssueRuleName,
  type DualIssueRules,
} from "../src/machine/arm/cycles/cortex-m7.js";
import { dualIssueModel } from "../src/machine/arm/cycles/dual-issue.js";
import type { Outcome } from "../src/machine/cycle-model.js";
import { loadTarget } from "../src/targets/load.js";
import { coreModel } from "../src/targets/core-model.js";
import { assembled, count, differs, type Counted } from "./support/counted.js";

/** A line of assembly, its cycles, and what became of it; the first line stands at a multiple of 16. */
type Line = readonly [text: string, cycles: number, outcome?: Outcome];

/**
 * `producer` leaves something in r0 as the older of a cycle in which what is beside it has nothing to do with it; readers
 * take so many cycles behind that.
 */
const behind = (
  producer: string,
  ...readers: readonly (readonly [text: string, cycles: number])[]
): Line[][] =>
  readers.map(([text, cycles]) => [
    [producer, 1],
    ["mov.w r10, r11", 0],
    [text, cycles],
  ]);

/** Two that do not pair, and do with a move between. */
const apart = (older: string, younger: string): Line[][] => [
  [
    [older, 1],
    [younger, 1],
  ],
];
const together = (older: string, younger: string): Line[][] => [
  [
    [older, 1],
    [younger, 0],
  ],
];

const cases: Record<DualIssueRuleName, readonly (readonly Line[])[]> = {
  registersEachCycle: [
    [["push {r4, r5, r6}", 2]],
    [["ldmia.w r0, {r1-r4}", 2]],
    [["ldrd r1, r2, [r0]", 1]],
    // Alone in its cycles.
    [
      ["mov.w r0, r1", 1],
      ["strd r2, r3, [r4]", 1],
      ["mov.w r0, r1", 1],
    ],
    // The last registers come a cycle later.
    [
      ["ldmia.w r0, {r1-r4}", 2],
      ["add.w r4, r1, r2", 1],
    ],
    [
      ["ldmia.w r0, {r1-r4}", 2],
      ["ldr.w r4, [r4]", 2],
    ],
  ],
  divide: [
    [
      ["udiv r0, r1, r2", 7],
      ["mov.w r3, r4", 1],
    ],
  ],
  system: [[["mrs r0, primask", 3]], [["cpsid i", 3]], [["dmb", 3]]],
  tableBranch: [[["tbb [r0, r1]", 2]]],
  floatDivide: [[["vdiv.f32 s0, s1, s2", 16]]],
  pairOfShifts: [
    ...apart("add.w r0, r1, r2, lsl #3", "add.w r3, r4, r5, lsl #3"),
    ...apart("add.w r0, r1, #0x1fc0", "mov.w r3, #0x1fc0"),
    ...apart("mvn.w r0, #0x1fc0", "add.w r3, r4, r5, ror #3"),
    // Patterns and shifts by themselves are none of these.
    ...together("add.w r0, r1, r2, lsl #3", "eor.w r3, r4, #0x1b1b1b1b"),
    ...together("add.w r0, r1, r2, lsl #3", "lsl.w r3, r4, #3"),
    ...together("lsr.w r0, r1, r2", "add.w r3, r4, r5, lsl #3"),
  ],
  fieldAsYounger: [
    ...apart("uxtb.w r0, r1", "clz r2, r3"),
    ...apart("mov.w r0, r1", "uxtb.w r2, r3"),
    ...apart("mov.w r0, r1", "uadd8 r2, r3, r4"),
    ...together("uxtb.w r2, r3", "mov.w r0, r1"),
  ],
  fieldWithShift: [
    ...apart("ubfx r0, r1, #3, #4", "add.w r3, r4, r5, lsl #3"),
    ...apart("rbit r0, r1", "add.w r3, r4, r5, lsl #3"),
    ...apart("pkhbt r0, r1, r2", "add.w r3, r4, r5, lsl #3"),
    ...together("uxtb.w r0, r1", "add.w r3, r4, r5, lsl #3"),
  ],
  pairOfProducts: apart("mul.w r0, r1, r2", "mla r3, r4, r5, r6"),
  productWithStore: [
    ...apart("mul.w r0, r1, r2", "str.w r3, [r4]"),
    ...apart("str.w r3, [r4]", "umull r0, r1, r2, r5"),
    ...together("mul.w r0, r1, r2", "ldr.w r3, [r4]"),
  ],
  pairOfStores: [
    ...apart("str.w r0, [r1]", "str.w r2, [r3]"),
    ...together("str.w r0, [r1]", "ldr.w r2, [r3]"),
    ...together("ldr.w r0, [r1]", "str.w r0, [r3]"),
  ],
  pairOfLoads: apart("ldr.w r0, [r1]", "ldr.w r2, [r3]"),
  pairOfBranches: [
    [
      ["beq.w .+64", 1],
      ["bne.w .+64", 1],
    ],
    // One branch pairs on both sides, and the target of one that is taken as the older too.
    [
      ["cmp.w r0, r1", 1],
      ["beq.w .+64", 0],
      ["mov.w r0, r1", 1],
    ],
    [
      ["beq.w .+64", 1],
      ["mov.w r0, r1", 0],
    ],
    [
      ["mov.w r0, r1", 1],
      ["b.w 1f\n1:", 0],
      ["mov.w r0, r1", 1],
    ],
    [
      ["udiv r0, r1, r2", 7],
      ["bl 1f\n1:", 1],
      ["mov.w r0, r1", 0],
    ],
  ],
  earlyResult: [
    ...[
      "add.w r0, r1, r2",
      "subs.w r0, r1, #1",
      "movw r0, #4660",
      "mov.w r0, r1",
      "lsl.w r0, r1, #3",
    ].flatMap((text) => together(text, "and.w r3, r0, r4")),
    ...together("movw r0, #4660", "movt r0, #4660"),
    ...together("add.w r0, r1, r2", "mul.w r3, r0, r4"),
  ],
  earlyResultToEarly: [
    ...behind("add.w r0, r1, r2", ["ldr.w r3, [r0]", 1], ["add.w r3, r4, r0, lsl #3", 1]),
    ...apart("add.w r0, r1, r2", "ldr.w r3, [r0]"),
    ...apart("ror.w r0, r1, r2", "ldr.w r3, [r0]"),
  ],
  lateResult: [
    ...[
      "eor.w r0, r1, r2",
      "add.w r0, r1, r2, lsl #3",
      "uxtb.w r0, r1",
      "mov.w r0, #0x1fc0",
      "mvn.w r0, r1",
    ].flatMap((text) => apart(text, "and.w r3, r0, r4")),
    // As the younger, or with a source that comes late.
    [
      ["mov.w r5, r6", 1],
      ["add.w r0, r1, r2", 0],
      ["ldr.w r3, [r0]", 2],
    ],
    [
      ["eor.w r1, r2, r3", 1],
      ["add.w r0, r1, r2", 1],
      ["and.w r4, r0, r3", 1],
    ],
    // A shift beside an operand that is shifted.
    [
      ["lsl.w r0, r1, #3", 1],
      ["add.w r4, r0, r5, lsl #3", 1],
    ],
    [
      ["lsl.w r0, r1, #3", 1],
      ["add.w r4, r6, r5, lsl #3", 0],
      ["ldr.w r3, [r0]", 2],
    ],
    // It is stored, and added to a product, in its cycle.
    ...together("eor.w r0, r1, r2", "str.w r0, [r3]"),
    ...together("eor.w r0, r1, r2", "mla r4, r5, r6, r0"),
  ],
  lateResultToEarly: behind(
    "eor.w r0, r1, r2",
    ["ldr.w r3, [r0]", 2],
    ["add.w r3, r4, r0, lsl #3", 2],
    ["ubfx r3, r0, #3, #4", 2],
    ["rbit r3, r0", 2],
    ["bfi r3, r0, #3, #4", 2],
    ["uxtab r3, r4, r0", 2],
    ["pkhtb r3, r0, r4, asr #3", 2],
    ["pkhbt r3, r0, r4", 1],
    ["bfi r0, r3, #3, #4", 1],
    ["uxtab r3, r0, r4", 1],
    ["clz r3, r0", 1],
  ),
  reverseResult: [
    ...together("rev.w r0, r1", "and.w r3, r0, r4"),
    ...behind("rev.w r0, r1", ["ldr.w r3, [r0]", 2]),
  ],
  writtenBackBase: [
    ...behind("ldr.w r1, [r0], #4", ["ldr.w r2, [r0], #4", 1]),
    ...apart("str.w r1, [r0], #4", "and.w r2, r0, r3"),
    ...apart("str.w r1, [r0], #4", "ldr.w r2, [r0]"),
  ],
  writtenBackBaseToEarly: behind("ldr.w r1, [r0], #4", ["add.w r3, r4, r0, lsl #3", 2]),
  loadResult: [
    ...behind("ldr.w r0, [r1]", ["and.w r3, r0, r4", 1]),
    ...apart("ldr.w r0, [r1]", "and.w r3, r0, r4"),
    // Added to a product in its cycle.
    ...together("ldr.w r0, [r1]", "mla r4, r5, r6, r0"),
  ],
  loadResultBesideEarly: behind("ldr.w r0, [r1]", ["add.w r3, r0, r4, lsl #3", 2]),
  loadResultToEarly: behind("ldr.w r0, [r1]", ["add.w r3, r4, r0, lsl #3", 2], ["ldr.w r3, [r0]", 2]),
  loadResultToIndex: behind("ldr.w r0, [r1]", ["ldr.w r3, [r4, r0]", 3]),
  loadResultToProduct: behind("ldr.w r0, [r1]", ["mul.w r3, r0, r4", 2]),
  loadNarrow: [
    ...behind("ldrb.w r0, [r1]", ["and.w r3, r0, r4", 2], ["ldr.w r3, [r0]", 3], ["ldr.w r3, [r4, r0]", 3]),
    ...behind(
      "ldrh.w r0, [r1]",
      ["add.w r3, r0, r4, lsl #3", 2],
      ["mul.w r3, r0, r4", 2],
      ["mla r3, r4, r5, r0", 1],
    ),
    ...together("ldrb.w r0, [r1]", "str.w r0, [r2]"),
  ],
  product: behind("mul.w r0, r1, r2", ["and.w r3, r0, r4", 2], ["mul.w r3, r0, r4", 2]),
  productToEarly: behind("mul.w r0, r1, r2", ["add.w r3, r4, r0, lsl #3", 3]),
  productToAddress: behind("mul.w r0, r1, r2", ["ldr.w r3, [r0]", 4], ["ldr.w r3, [r4, r0]", 4]),
  productToData: behind("mul.w r0, r1, r2", ["str.w r0, [r3]", 1], ["mla r3, r1, r2, r0", 1]),
  flags: [
    [
      ["cmp.w r0, r1", 1],
      ["adc.w r2, r3, r4", 1],
    ],
    [
      ["cmp.w r0, r1", 1],
      ["it eq", 1],
      ["moveq.w r2, r3", 0, "skipped"],
    ],
  ],
  flagsOfShiftedOperand: [
    [
      ["cmp.w r0, r1, lsl #3", 1],
      ["mov.w r5, r6", 0],
      ["adc.w r2, r3, r4", 2],
    ],
  ],
  fetchBytes: [
    [
      ["mov.w r0, r1", 1],
      ["mov.w r2, r3", 0],
      ["mov.w r0, r1", 1],
      ["mov.w r2, r3", 0],
    ],
    // Behind a branch the first eight bytes arrive, then the next.
    [
      ["b 1f\n1:", 1],
      ["mov.w r0, r1", 1],
      ["mov.w r2, r3", 1],
      ["mov.w r0, r1", 0],
    ],
  ],
  fetchAhead: [
    [
      ["udiv r0, r1, r2", 7],
      ["mov.w r0, r1", 1],
      ["mov.w r0, r1", 0],
      ["mov.w r0, r1", 1],
      ["mov.w r0, r1", 0],
    ],
  ],
  misprediction: [],
  mispredictionOfKnownFlags: [],
};

/** The same with every branch mispredicted. */
const mispredicted: Partial<Record<DualIssueRuleName, readonly (readonly Line[])[]>> = {
  misprediction: [
    [
      ["cmp.w r0, r1", 1],
      ["beq.w .+64", 8],
      ["mov.w r2, r3", 1],
    ],
    [["bx lr", 9]],
    [["cbz r0, .+64", 9, "taken"]],
    [["pop {r4, pc}", 9]],
    [["ldr.w pc, [r0]", 9]],
    // Their ways are certain.
    [["b.w .+64", 1]],
    [["bl .+64", 1]],
  ],
  mispredictionOfKnownFlags: [
    [
      ["cmp.w r0, r1", 1],
      ["eor.w r2, r2, r3", 0],
      ["eor.w r2, r2, r3", 1],
      ["eor.w r2, r2, r3", 1],
      ["eor.w r2, r2, r3", 1],
      ["beq.w .+64", 6],
      ["mov.w r4, r5", 1],
    ],
    [
      ["cmp.w r0, r1", 1],
      ["eor.w r2, r2, r3", 0],
      ["eor.w r2, r2, r3", 1],
      ["eor.w r2, r2, r3", 1],
      ["beq.w .+64", 8, "taken"],
    ],
    // CBZ asks a register, not flags.
    [
      ["udiv r0, r1, r2", 7],
      ["cbz r3, .+64", 9],
    ],
  ],
};

const lines = (of: readonly Line[]): readonly Counted[] =>
  of.map(([text, cycles, outcome]) => ({ text, cycles, outcome }));

describe.each([
  { name: "branches predicted", of: cases, isPredicted: true },
  { name: "every branch mispredicted", of: mispredicted, isPredicted: false },
])("cortex-m7, $name", ({ of, isPredicted }) => {
  const counted = assembled("cortex-m7", of, lines);
  const own = coreModel(loadTarget("cortex-m7"));
  const model = isPredicted ? own : (own.worst ?? own);
  const withRules = (rules: DualIssueRules) =>
    dualIssueModel({ name: "", estimate: false, rules, isPredicted });

  it.each(counted)("$rule: $shown", ({ code, counted: expected }) => {
    expect(count(model, code, expected)).toEqual(expected.map(({ cycles }) => cycles));
  });

  const named = (Object.keys(cortexM7) as DualIssueRuleName[]).filter((rule) => (of[rule] ?? []).length > 0);
  it.each(named)("would notice another figure for %s", (rule) => {
    const value = rule === "fetchBytes" ? 4 : rule === "fetchAhead" ? 0 : cortexM7[rule].value + 1;
    const changed = { ...cortexM7, [rule]: { ...cortexM7[rule], value } };
    expect(
      differs(
        counted.filter((each) => each.rule === rule),
        withRules(changed),
      ),
    ).toBe(true);
  });
});

it("has cases for every rule", () => {
  for (const rule of Object.keys(cortexM7) as DualIssueRuleName[]) {
    expect([rule, cases[rule].length + (mispredicted[rule]?.length ?? 0) > 0]).toEqual([rule, true]);
  }
});
