/** Every rule of Cortex-M33 alone: a few instructions, what each takes, counted by hand from its statement. */
import { describe, expect, it } from "vitest";
import {
  cortexM33,
  type DualSlotRuleName,
  type DualSlotRules,
} from "../src/machine/arm/cycles/cortex-m33.js";
import { dualSlotModel } from "../src/machine/arm/cycles/dual-slot.js";
import type { Outcome } from "../src/machine/cycle-model.js";
import { loadTarget } from "../src/targets/load.js";
import { coreModel } from "../src/targets/core-model.js";
import { assemble } from "./support/assemble.js";
import { assembled, count, differs, type Counted } from "./support/counted.js";

/** A line of assembly, its cycles, and what became of it; the first line stands at a multiple of 16. */
type Line = readonly [text: string, cycles: number, outcome?: Outcome];

/** Something that reads what `producer` leaves in r0 behind it, in so many cycles. */
const then = (producer: string, ...readers: readonly (readonly [text: string, cycles: number])[]): Line[][] =>
  readers.map((reader) => [[producer, 1], reader]);

const cases: Record<DualSlotRuleName, readonly (readonly Line[])[]> = {
  single: [
    [
      ["adds r0, r1, r2", 1],
      ["add.w r3, r0, r2", 1],
      ["ldr r4, [r3]", 1],
      ["str r5, [r3, r1]", 1],
      ["movw r6, #4660", 1],
    ],
  ],
  skipped: [
    [
      ["ldr.w r0, [r1]", 1],
      ["ite eq", 1],
      // It waits for nothing and writes nothing.
      ["ldreq.w r2, [r0]", 1, "skipped"],
      ["addne.w r3, r2, r2", 1],
    ],
    [
      ["it eq", 1],
      ["popeq.w {r2, r4-r7}", 1, "skipped"],
      ["add.w r3, r2, r2", 1],
    ],
  ],
  pair: [[["ldrd r0, r1, [r2]", 2]], [["strd r0, r1, [r2]", 2]]],
  multiple: [
    [
      ["push {r4-r7, lr}", 5],
      ["ldmia.w r0, {r1-r4}", 4],
    ],
    // The last register comes as from a load in that cycle, the first long before.
    [
      ["ldmia.w r0, {r1-r3}", 3],
      ["add.w r1, r1, r2", 1],
    ],
    [
      ["ldmia.w r0, {r1-r3}", 3],
      ["add.w r1, r1, r3", 2],
    ],
  ],
  lateFlags: [
    [["muls r0, r1, r0", 2]],
    [["adds.w r0, r1, #0x1fc0", 2]],
    [["cmp.w r0, #0x6c000000", 2]],
    [["movs.w r0, #0x1fc0", 1]],
    [["adds.w r0, r1, #0x10001", 1]],
    [["adds.w r0, r1, r2, ror #23", 1]],
    // Under IT it sets none.
    [
      ["it eq", 1],
      ["muleq r0, r1, r0", 1],
    ],
  ],
  multiplyLong: [[["umull r0, r1, r2, r3", 1]], [["umlal r0, r1, r2, r3", 1]]],
  divide: [
    [
      ["udiv r0, r1, r2", 11],
      ["add.w r0, r0, r0", 1],
    ],
  ],
  exclusive: [[["ldrex r0, [r1]", 2]]],
  system: [[["mrs r0, primask", 2]], [["cpsid i", 2]], [["dmb", 2]]],
  floatDivide: [[["vdiv.f32 s0, s1, s2", 14]]],
  result: [
    "add.w r0, r1, r2",
    "mov.w r0, r1",
    "mvn.w r0, #0x1fc0",
    "lsr.w r0, r1, #3",
    "uxtb.w r0, r1, ror #8",
  ]
    .concat("ubfx r0, r1, #3, #4", "bfi r0, r1, #3, #4", "and.w r0, r1, #0x1b1b1b1b", "adr.w r0, .+8")
    // Unlike on Cortex-M4 an address is no other reader.
    .flatMap((text) => then(text, ["add.w r3, r0, r0", 1], ["ldr.w r3, [r2, r0]", 1])),
  resultOfRegisterShift: then("lsl.w r0, r1, r2", ["add.w r3, r0, r0", 1]),
  resultOfCount: then("clz r0, r1", ["add.w r3, r0, r0", 1]),
  resultOfReverse: [
    ...then("rev.w r0, r1", ["add.w r3, r0, r0", 1]),
    ...then("rbit r0, r1", ["add.w r3, r0, r0", 1]),
  ],
  resultOfShiftedOperand: [
    ...then(
      "add.w r0, r1, r2, ror #23",
      ["add.w r3, r0, r0", 2],
      ["ldr.w r3, [r0]", 2],
      ["add.w r3, r0, r1, lsl #2", 2],
    ),
    [
      ["add.w r0, r1, r2, ror #23", 1],
      ["nop.w", 1],
      ["add.w r3, r0, r0", 1],
    ],
    // The shift itself is a move.
    ...then("ror.w r0, r2, #23", ["add.w r3, r0, r0", 1]),
    ...then("rrx r0, r2", ["add.w r3, r0, r0", 2]),
  ],
  resultOfRotatedConstant: then("eor.w r0, r1, #0x1fc0", ["add.w r3, r0, r0", 2]),
  resultOfExtendAndAdd: then("uxtab r0, r1, r2", ["add.w r3, r0, r0", 2]),
  resultOfParallel: [
    "uadd8 r0, r1, r2",
    "pkhbt r0, r1, r2, lsl #16",
    "qadd r0, r1, r2",
    "usat r0, #8, r1",
    "sel r0, r1, r2",
  ]
    // They do not come earlier where they are added to.
    .flatMap((text) =>
      then(text, ["add.w r3, r0, r0", 2], ["mla r3, r1, r2, r0", 2], ["uxtab r3, r0, r1", 2]),
    ),
  resultOfProduct: [
    ...then("mul.w r0, r1, r2", ["add.w r3, r0, r0", 2], ["mla r3, r0, r1, r2", 2]),
    ...then("mla r0, r1, r2, r3", ["add.w r3, r0, r0", 2], ["mla r3, r0, r1, r0", 2]),
    ...then("umull r0, r4, r2, r3", ["add.w r3, r0, r0", 2], ["add.w r3, r4, r4", 2]),
  ],
  resultOfLoad: [
    ...then("ldr.w r0, [r1]", ["add.w r3, r0, r0", 2], ["ldr.w r3, [r0]", 2], ["cbz r0, .+8", 2]),
    ...then("ldrb.w r0, [r1, r2]", ["add.w r3, r0, r0", 2]),
    [
      ["ldrd r0, r1, [r2]", 2],
      ["add.w r3, r0, r0", 1],
    ],
    [
      ["ldrd r0, r1, [r2]", 2],
      ["add.w r3, r1, r1", 2],
    ],
    // What is loaded into the base is not written back.
    [
      ["ldrd r0, r1, [r1]", 2],
      ["add.w r3, r1, r1", 2],
    ],
    [
      ["ldmia.w r1, {r0, r1}", 2],
      ["add.w r3, r1, r1", 2],
    ],
  ],
  writtenBackBase: [
    ...then("ldr.w r1, [r0], #4", ["ldr.w r2, [r0], #4", 1]),
    ...then("str.w r1, [r0, #4]!", ["str.w r1, [r0, #4]!", 1]),
    [
      ["ldmia.w r0!, {r1, r2}", 2],
      ["ldr.w r3, [r0]", 1],
    ],
  ],
  storeData: [
    ...["mul.w r0, r1, r2", "ldr.w r0, [r1]", "add.w r0, r1, r2, ror #23", "uadd8 r0, r1, r2"].flatMap(
      (text) => then(text, ["str.w r0, [r3]", 1], ["strd r0, r1, [r3]", 2], ["stmia.w r3, {r0, r1}", 2]),
    ),
    // Its address is another reader.
    ...then("ldr.w r0, [r1]", ["str.w r0, [r0]", 2]),
  ],
  addend: [
    ...["mul.w r0, r1, r2", "add.w r0, r1, r2, ror #23", "eor.w r0, r1, #0x1fc0", "uxtab r0, r1, r2"].flatMap(
      (text) => then(text, ["mla r3, r1, r2, r0", 1], ["uxtab r3, r0, r1", 1]),
    ),
    ...then("umlal r0, r4, r2, r3", ["umlal r0, r4, r2, r3", 1]),
    // An operand that is extended or multiplied is no addend.
    ...then("mul.w r0, r1, r2", ["uxtab r3, r1, r0", 2], ["mla r3, r0, r2, r1", 2]),
  ],
  loadedAddend: then(
    "ldr.w r0, [r1]",
    ["mla r3, r1, r2, r0", 1],
    ["uxtab r3, r0, r1", 2],
    ["mla r3, r0, r2, r0", 2],
  ),
  flagsOfShiftedOperand: [
    [
      ["adds.w r0, r1, r2, ror #23", 1],
      ["adc.w r3, r1, r2", 2],
    ],
    [
      ["adds.w r0, r1, r2, ror #23", 1],
      ["beq.w .+64", 2],
    ],
    [
      ["adds.w r0, r1, r2", 1],
      ["adc.w r3, r1, r2", 1],
    ],
  ],
  branchTaken: [
    [["b .+8", 2]],
    [["beq.w .+64", 2, "taken"]],
    // Behind what sets flags, though in slot 1.
    [
      ["subs r7, #1", 1],
      ["bne .+8", 2, "taken"],
    ],
    [
      ["add.w r0, r1, r2", 1],
      ["bne .+8", 2, "taken"],
    ],
  ],
  branchTakenInSlot: [
    [
      ["subs r7, #1", 1],
      ["add r0, r1", 1],
      ["bne .+8", 1, "taken"],
    ],
    [
      ["ldmia r6!, {r0-r3}", 4],
      ["bne .+8", 1, "taken"],
    ],
    [
      ["ldr r0, [r1]", 1],
      ["cbz r2, .+8", 1, "taken"],
    ],
    // 16-bit arithmetic under IT sets no flags.
    [
      ["it eq", 1],
      ["addeq r0, r0, r1", 1],
      ["b .+8", 1],
    ],
  ],
  branchNotTaken: [
    [["beq.w .+64", 1]],
    [
      ["add.w r0, r1, r2", 1],
      ["beq .+8", 1],
    ],
  ],
  call: [[["bl .+8", 2]]],
  branchExchange: [[["bx r0", 2]], [["blx r0", 2]], [["mov pc, r0", 2]]],
  returns: [
    [["bx lr", 2]],
    // Not in slot 1 while LR is on its way.
    [
      ["ldr.w lr, [r0]", 1],
      ["mov r10, r10", 1],
      ["bx lr", 2],
    ],
  ],
  returnInSlot: [
    [
      ["ldr.w lr, [r0]", 1],
      ["mov r10, r10", 1],
      ["mov r10, r10", 1],
      ["bx lr", 1],
    ],
  ],
  loadPc: [[["ldr.w pc, [r0]", 5]]],
  multiplePc: [[["pop {r4, r5, pc}", 6]], [["ldmia.w r0, {r1, pc}", 5]]],
  tableBranch: [[["tbb [r0, r1]", 5]], [["tbh [r0, r1, lsl #1]", 5]]],
  ifThenInSlot: [
    [
      ["cmp r0, r1", 1],
      ["it eq", 0],
      ["moveq r2, #1", 1],
    ],
    [
      ["cmp.w r0, r1", 1],
      ["it eq", 1],
    ],
  ],
  branchInSlot: [
    [
      ["adds r3, r4", 1],
      ["beq .+8", 0],
      ["nop.w", 1],
    ],
    // What is in slot 1 has nothing beside it.
    [
      ["adds r3, r4", 1],
      ["beq .+8", 0],
      ["bne .+8", 1],
    ],
    [
      ["beq .+8", 1],
      ["bne .+8", 1],
    ],
    // Behind a branch the halfword in the next word is not there yet.
    [
      ["b 1f\n1:", 2],
      ["mov r0, r1", 1],
      ["beq .+8", 1],
    ],
  ],
  compareBranchInSlot: [
    [
      ["mov r0, r1", 1],
      ["cbz r2, .+8", 0],
    ],
    // The one beside it writes the register, or the one before that does late.
    [
      ["mov r0, r1", 1],
      ["cbz r0, .+8", 1],
    ],
    [
      ["ldr r0, [r1]", 1],
      ["mov r2, r3", 1],
      ["cbz r0, .+8", 1],
    ],
  ],
  behindNop: [
    [
      ["nop", 1],
      ["adds r0, r1, r2", 0],
      ["adds r0, r0, r2", 1],
    ],
    [
      ["nop", 1],
      ["ldr r0, [r1]", 0],
      ["add.w r0, r0, r0", 2],
    ],
    [
      ["nop", 1],
      ["nop", 1],
      ["str r0, [r1]", 0],
    ],
    [
      ["adds r0, r1, r2", 1],
      ["nop", 1],
    ],
    [
      ["adds r0, r1, r2", 1],
      ["adds r3, r1, r2", 1],
    ],
  ],
  skippedIsNop: [
    [
      ["ite eq", 1],
      ["moveq r0, #1", 1, "skipped"],
      ["movne r0, #2", 0],
      ["mov r3, r4", 1],
    ],
    [
      ["it eq", 1],
      ["moveq.w r0, #1", 1, "skipped"],
      ["adds r1, r2", 1],
    ],
  ],
  straddlingTarget: [
    [
      ["b 1f\n1:", 2],
      ["add.w r0, r1, r2", 2],
      ["add.w r0, r1, r2", 1],
    ],
    [
      ["b.w 1f\n1:", 2],
      ["add.w r0, r1, r2", 1],
      ["nop", 1],
      ["add.w r0, r1, r2", 1],
    ],
  ],
};

const lines = (of: readonly Line[]): readonly Counted[] =>
  of.map(([text, cycles, outcome]) => ({ text, cycles, outcome }));
const counted = assembled("cortex-m33", cases, lines);
const withRules = (rules: DualSlotRules) => dualSlotModel({ name: "", estimate: false, rules });

describe("cortex-m33", () => {
  it.each(counted)("$rule: $shown", ({ code, counted: expected }) => {
    const model = coreModel(loadTarget("cortex-m33"));
    expect(count(model, code, expected)).toEqual(expected.map(({ cycles }) => cycles));
  });

  const switches = ["ifThenInSlot", "branchInSlot", "compareBranchInSlot", "behindNop", "skippedIsNop"];
  it.each(Object.keys(cortexM33) as DualSlotRuleName[])("would notice another figure for %s", (rule) => {
    const value = switches.includes(rule) ? 0 : cortexM33[rule].value + 1;
    const own = counted.filter((each) => each.rule === rule);
    expect(differs(own, withRules({ ...cortexM33, [rule]: { ...cortexM33[rule], value } }))).toBe(true);
  });

  it("takes what was measured of loops of 20 instructions", () => {
    const template = `1: ${"mov r10, r10\n".repeat(17)} subs.w r7, r7, #1\n mov r10, r10\n bne.n 1b`;
    const [code = []] = assemble("cortex-m33", [template]);
    const outcomes = code
      .slice(0, 20)
      .map((_, index) => ({ outcome: index === 19 ? "taken" : "executed" }) as const);
    const cycles = count(coreModel(loadTarget("cortex-m33")), code.slice(0, 20), outcomes);
    expect(cycles.reduce((sum, each) => sum + each, 0)).toBe(20);
  });
});

describe("instructions under IT", () => {
  it("are watched where execution can change a cost", () => {
    const [code = []] = assemble("cortex-m33", [
      "itttt eq\nmoveq.w r0, #1\nmoveq r0, #1\nldreq.w r1, [r0]\naddeq.w r1, r2\nbx lr",
    ]);
    const model = coreModel(loadTarget("cortex-m33"));
    const felt = code.map(({ instruction }, index) =>
      model.feelsExecution(instruction, code[index + 1]?.instruction),
    );
    expect(felt.slice(1, 5)).toEqual([false, false, true, true]);
  });
});
