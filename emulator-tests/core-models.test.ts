/** Every rule of the cores' models, alone: a few instructions, what each takes, counted by hand. */
import { describe, expect, it } from "vitest";
import { loadTarget } from "../src/targets/load.js";
import type { FlashTiming } from "../src/machine/cycle-model.js";
import { coreModel } from "../src/targets/core-model.js";
import { cortexM0, cortexM0plus, cortexM23 } from "../src/machine/arm/cycles/cortex-m0.js";
import type { BaselineRuleName, SimpleRuleName, SimpleRules } from "../src/machine/arm/cycles/cortex-m0.js";
import { cortexM3, cortexM4 } from "../src/machine/arm/cycles/cortex-m3.js";
import type { PipelineRuleName, PipelineRules } from "../src/machine/arm/cycles/cortex-m3.js";
import { pipelineModel } from "../src/machine/arm/cycles/pipeline.js";
import { simpleModel } from "../src/machine/arm/cycles/simple.js";
import type { CycleModel, Outcome } from "../src/machine/cycle-model.js";
import { assemble } from "./support/assemble.js";
import { assembled, count, differs, type Counted } from "./support/counted.js";

/**
 * A line of assembly, the cycles it takes, what became of it, and the cycles on Cortex-M3 where they differ. The first
 * line stands at a multiple of 16, and control has just come to it.
 */
type Line = readonly [text: string, cycles: number, outcome?: Outcome, m3?: number];

/** A line of assembly, and its cycles on Cortex-M0+ and on Cortex-M0. */
type SimpleLine = readonly [text: string, m0plus: number, m0: number, outcome?: Outcome];

const noWaits: FlashTiming = { waitStates: 0, lineBytes: 4, prefetch: false };
const noRamWaits = { waitStates: 0 };
const slow = (timing: FlashTiming) => ({ ...timing, start: 0, end: 1 << 20 });

const wide: readonly Line[] = [
  ["add.w r0, r1, r2", 1],
  ["add.w r0, r1, r2", 1],
];

/** Behind an odd number of halfwords. */
const straddling: readonly Line[] = [...wide, ["add.w r0, r1, r2", 1], ["add.w r0, r1, r2", 1]];

const pipelineCases: Record<PipelineRuleName, readonly (readonly Line[])[]> = {
  dataProcessing: [
    [
      ["adds r0, r1, r2", 1],
      ["lsls r0, r0, #3", 1],
      ["add.w r0, r1, r2, lsl #4", 1],
      ["nop", 1],
    ],
  ],
  ifThen: [
    [
      ["ite eq", 1],
      ["moveq r0, #1", 1],
      ["movne r0, #2", 1, "skipped"],
    ],
  ],
  skipped: [
    [
      ["it eq", 1],
      ["popeq {r0-r3}", 1, "skipped"],
      ["movs r0, #1", 1],
    ],
  ],
  multiply: [
    [
      ["muls r0, r1, r0", 1],
      ["nop", 1],
    ],
  ],
  multiplyAccumulate: [
    [
      ["mla r0, r1, r2, r3", 1, "executed", 2],
      ["nop", 1],
    ],
    [["mls r0, r1, r2, r3", 1, "executed", 2]],
  ],
  multiplyLong: [[["umull r0, r1, r2, r3", 1, "executed", 5]], [["smull r0, r1, r2, r3", 1, "executed", 5]]],
  multiplyLongAccumulate: [
    [
      ["umlal r0, r1, r2, r3", 1, "executed", 7],
      ["nop", 1],
    ],
  ],
  divide: [
    [
      ["udiv r0, r1, r2", 12],
      ["nop", 1],
    ],
  ],
  load: [
    [
      ["ldr r0, [r1]", 2],
      ["adds r2, r3, r4", 1],
    ],
    [
      ["ldrb r0, [r1, r2]", 2],
      ["adds r0, r0, #1", 1],
    ],
  ],
  loadPipelined: [
    [
      ["ldr r0, [r1]", 2],
      ["ldr r2, [r3]", 1],
      ["ldrh r4, [r5]", 1],
      ["mov r9, r9", 1],
    ],
    // The store begins in the load's second cycle, and ends with it.
    [
      ["ldr r0, [r1]", 2],
      ["str r0, [r3]", 0],
      ["mov r9, r9", 1],
    ],
    // A load of the address that is written back is not one of the address.
    [
      ["ldr r0, [r1], #4", 2],
      ["ldr r2, [r1]", 1],
      ["mov r9, r9", 1],
    ],
    // What addresses with the loaded register waits for it.
    [
      ["ldr r0, [r1]", 2],
      ["ldr r2, [r0]", 2],
      ["str r3, [r2]", 1],
      ["mov r9, r9", 1],
    ],
    // Multiples and pairs do not pipeline.
    [
      ["ldr r0, [r1]", 2],
      ["ldmia r2, {r3, r4}", 3],
      ["ldr r0, [r1]", 2],
    ],
    [
      ["ldr r0, [r1]", 2],
      ["ldrd r2, r3, [r4]", 3],
      ["ldr r0, [r1]", 2],
    ],
  ],
  store: [
    [
      ["str r0, [r1, #4]", 1],
      ["strb r2, [r3]", 1],
      ["push {r0}", 2],
      ["mov r9, r9", 1],
    ],
  ],
  storeRegisterOffset: [
    [
      ["str r0, [r1, r2]", 2],
      ["str r0, [r1, r2]", 2],
      ["mov r9, r9", 1],
    ],
  ],
  loadAfterStore: [
    [
      ["str r0, [r1]", 1],
      ["ldr r2, [r3]", 3],
      ["mov r9, r9", 1],
    ],
    [
      ["str r0, [r1]", 1],
      ["nop", 1],
      ["ldr r2, [r3]", 2],
    ],
    [
      ["str r0, [r1, r2]", 2],
      ["ldr r2, [r3]", 2],
    ],
  ],
  writeBackPipelined: [
    // Alternating bases.
    [
      ["ldr r0, [r1], #4", 2],
      ["ldr r2, [r3], #4", 1, "executed", 2],
      ["str r4, [r5, #4]!", 0, "executed", 1],
      ["nop.w", 1],
    ],
    // The first of a chain may write back.
    [
      ["ldr r0, [r1], #4", 2],
      ["ldr r2, [r3]", 1],
    ],
    // One base.
    [
      ["ldr r0, [r1], #4", 2],
      ["ldr r2, [r1], #4", 2],
    ],
  ],
  writeBackAgain: [
    [
      ["str r0, [r1], #4", 1],
      ["str r0, [r1], #4", 2],
      ["str r0, [r2], #4", 1],
      ["str r0, [r2]", 1],
    ],
  ],
  nopBehindAccess: [
    [
      ["ldr r0, [r1, r2]", 2],
      ["nop", 0],
      ["nop", 1],
    ],
    [
      ["str r0, [r1, r2]", 2],
      ["nop", 0],
      ["nop", 1],
    ],
    [
      ["str r0, [r1]", 1],
      ["nop", 1],
    ],
    // Neither CMP nor a move.
    [
      ["ldr r0, [r1]", 2],
      ["cmp r2, r3", 1],
    ],
    [
      ["str r0, [r1, r2]", 2],
      ["mov r3, r3", 1],
    ],
  ],
  pair: [
    [
      ["ldrd r0, r1, [r2]", 3],
      ["strd r0, r1, [r2]", 3],
      ["nop", 1],
    ],
  ],
  multiple: [
    [
      ["ldmia r0!, {r1-r4}", 5],
      ["stmia r0!, {r1-r3}", 4],
      ["push {r0-r7, lr}", 10],
      ["nop", 1],
    ],
  ],
  exclusive: [
    [
      ["ldrex r0, [r1]", 2],
      ["strex r2, r0, [r1]", 2],
      ["nop", 1],
    ],
  ],
  resultAsAddress: [
    [
      ["adds r0, r0, #4", 1],
      ["ldr r1, [r0]", 3],
    ],
    [
      ["lsls r2, r3, #2", 1],
      ["str r0, [r1, r2]", 3],
    ],
    [
      ["muls r2, r3, r2", 1],
      ["ldr r0, [r2]", 3],
    ],
    // One instruction between, data, SP and multiples: no stall.
    [
      ["adds r0, r0, #4", 1],
      ["nop", 1],
      ["ldr r1, [r0]", 2],
    ],
    [
      ["adds r0, r0, #4", 1],
      ["str r0, [r1]", 1],
    ],
    [
      ["sub sp, #8", 1],
      ["ldr r0, [sp]", 2],
    ],
    [
      ["adds r0, r0, #4", 1],
      ["ldmia r0!, {r1, r2}", 3],
    ],
    // What IT skipped computed nothing.
    [
      ["it eq", 1],
      ["addeq r0, r0, #4", 1, "skipped"],
      ["ldr r1, [r0]", 2],
    ],
  ],
  productAsStoreData: [
    [
      ["muls r0, r1, r0", 1],
      ["str r0, [r2]", 2, "executed", 1],
    ],
    [
      ["muls r0, r1, r0", 1],
      ["nop", 1],
      ["str r0, [r2]", 1],
    ],
    // Of several registers the first.
    [
      ["mul r4, r1, r0", 1],
      ["stmia r2!, {r4, r5}", 4, "executed", 3],
    ],
    [
      ["mul r5, r1, r0", 1],
      ["stmia.w r2!, {r4, r5}", 3],
    ],
    [
      ["mul lr, r1, r0", 1],
      ["push {lr}", 3, "executed", 2],
    ],
    [
      ["mul lr, r1, r0", 1],
      ["push {r4, lr}", 3],
    ],
  ],
  productAsShifterOperand: [
    ...[
      "add.w r2, r3, r0, lsl #2",
      "uxtb.w r2, r0, ror #8",
      "pkhbt r2, r3, r0, lsl #16",
      "mvn.w r2, r0, lsl #2",
    ].map((shift): readonly Line[] => [
      ["muls r0, r1, r0", 1],
      [shift, 2, "executed", 1],
    ]),
    // The other operand is not shifted, and what only shifts is a move.
    ...[
      "add.w r2, r0, r3, lsl #2",
      "lsls r2, r0, #3",
      "lsrs r0, r1",
      "asr.w r2, r0, #4",
      "ror.w r2, r0, r3",
      "mov.w r2, r0",
    ].map((shift): readonly Line[] => [
      ["muls r0, r1, r0", 1],
      [shift, 1],
    ]),
  ],
  branchInDecode: [
    [["b .+8", 2]],
    [["bl .+8", 2]],
    [["beq .+8", 2, "taken"]],
    [["bx lr", 2]],
    // While several cycles pass before it the target arrives, both words of it.
    [
      ["stmia r0!, {r1-r4}", 5],
      ["beq 1f\nnop\nnop\n1:", 1, "taken"],
    ],
    [
      ["stmia r0!, {r1-r4}", 5],
      ["b 1f\n1:", 1],
      ["add.w r0, r1, r2", 1],
      ["add.w r0, r1, r2", 1],
    ],
    [
      ["ldr r0, [r1]", 2],
      ["bl .+8", 1],
    ],
  ],
  branchInExecute: [[["bx r0", 3]], [["blx r0", 3]], [["cbz r0, .+8", 3, "taken"]], [["mov pc, r0", 3]]],
  linkJustWritten: [
    [
      ["mov lr, r0", 1],
      ["bx lr", 3],
    ],
    [
      ["ldr lr, [r0]", 2],
      ["bx lr", 3],
    ],
    [
      ["mov lr, r0", 1],
      ["nop", 1],
      ["bx lr", 2],
    ],
  ],
  branchNotTaken: [
    [
      ["beq .+8", 1],
      ["cbnz r0, .+8", 1],
      ["nop", 1],
    ],
  ],
  loadPc: [[["ldr pc, [r0]", 5]]],
  multiplePc: [[["pop {r4, r5, pc}", 7]], [["ldmia r0, {r1, pc}", 6]]],
  tableBranch: [[["tbb [r0, r1]", 6]], [["tbh [r0, r1, lsl #1]", 6]]],
  system: [
    [
      ["mrs r0, primask", 2],
      ["cpsid i", 2],
      ["nop", 1],
    ],
  ],
  floatSimple: [[["vadd.f32 s0, s1, s2", 1, "executed", 0]]],
  floatMultiplyAdd: [[["vmla.f32 s0, s1, s2", 3, "executed", 0]]],
  floatDivide: [[["vdiv.f32 s0, s1, s2", 14, "executed", 0]]],
  floatMove: [[["vmov s0, r1", 1, "executed", 0]]],
  floatTransfer: [
    [
      ["vldr s0, [r1]", 2, "executed", 1],
      ["vstmia r0, {s0-s3}", 5, "executed", 4],
    ],
  ],
  straddlingRun: [
    ...["push {r4, r5}", "ldmia r0!, {r4, r5}"].map((busy): readonly Line[] => [
      [busy, 3],
      ...straddling.slice(0, 2),
      ["add.w r0, r1, r2", 2, "executed", 1],
      ["add.w r0, r1, r2", 1],
    ]),
    [["nop", 1], ["ldrd r4, r5, [r0]", 3], ...straddling.slice(0, 2), ["add.w r0, r1, r2", 2, "executed", 1]],
    // Those in front that keep fetch waiting are all counted, of loads that are pipelined only the last.
    [
      ["push {r4, r5}", 3],
      ["ldr.w r6, [r7]", 2],
      ["ldr.w r4, [r7]", 1],
      ["add.w r0, r1, r2", 2, "executed", 1],
      ["add.w r0, r1, r2", 1],
      ["add.w r0, r1, r2", 2, "executed", 1],
      ["add.w r0, r1, r2", 1],
    ],
    // Two are not late, nor aligned ones, nor behind what takes one cycle, nor a long product.
    [["push {r4, r5}", 3], ...straddling.slice(0, 2), ["nop", 1], ["add.w r0, r1, r2", 1]],
    [["push.w {r4, r5}", 3], ...straddling],
    [["str r4, [r0]", 1], ...straddling],
    [["push {r4, r5}", 3], ...straddling.slice(0, 2), ["umull r0, r1, r2, r3", 1, "executed", 5]],
  ],
  // While the division executes the FIFO fills up; each branch that is not taken then costs a fetch.
  fifoWords: [[["udiv r0, r1, r2", 12], ["beq.w .+64", 1], ["beq.w .+64", 1], ...wide, ...wide]],
  branchFetch: [
    [
      ["udiv r0, r1, r2", 12],
      ["beq.w .+64", 1],
      ["beq.w .+64", 1],
      ["beq.w .+64", 1],
      ["add.w r0, r1, r2", 1],
      ["add.w r0, r1, r2", 2],
      ...wide,
    ],
  ],
  fetchToExecute: [
    [["udiv r0, r1, r2", 12], ["beq.w .+64", 1], ["beq.w .+64", 1], ...wide, ...wide],
    // Straight code of wide instructions needs a word a cycle; a target that straddles words needs two at once.
    [...wide, ...wide],
    [
      ["b 1f\n1:", 2],
      ["add.w r0, r1, r2", 2],
      ["add.w r0, r1, r2", 1],
      ["nop", 1],
    ],
    [
      ["b 1f\n1:", 2],
      ["nop", 1],
      ["add.w r0, r1, r2", 1],
    ],
  ],
};

const simpleCases: Record<SimpleRuleName, readonly (readonly SimpleLine[])[]> = {
  dataProcessing: [
    [
      ["adds r0, r1, r2", 1, 1],
      ["rev r0, r1", 1, 1],
      ["nop", 1, 1],
    ],
  ],
  multiply: [
    [
      ["muls r0, r1, r0", 1, 1],
      ["adds r0, r0, #1", 1, 1],
    ],
  ],
  load: [
    [
      ["ldr r0, [r1]", 2, 2],
      ["ldrb r2, [r0, r1]", 2, 2],
      ["ldr r0, =1 << 20", 2, 2],
    ],
  ],
  store: [
    [
      ["str r0, [r1]", 2, 2],
      ["strh r2, [r1, r0]", 2, 2],
    ],
  ],
  multiple: [
    [
      ["ldmia r0!, {r1-r4}", 5, 5],
      ["stmia r0!, {r1}", 2, 2],
      ["push {r0, lr}", 3, 3],
      ["pop {r0-r7}", 9, 9],
    ],
  ],
  multiplePc: [[["pop {pc}", 4, 5]], [["pop {r4, r5, pc}", 6, 7]]],
  branchTaken: [[["b .+8", 2, 3]], [["beq .+8", 2, 3, "taken"]]],
  branchNotTaken: [[["beq .+8", 1, 1]]],
  branchExchange: [[["bx lr", 2, 3]], [["blx r0", 2, 3]], [["mov pc, r0", 2, 3]]],
  call: [[["bl .+8", 3, 4]]],
  changeState: [[["cpsid i", 1, 1]], [["cpsie i", 1, 1]]],
  system: [
    [
      ["mrs r0, primask", 3, 4],
      ["dmb", 3, 4],
    ],
  ],
};

/** A line of assembly, and its cycles on Cortex-M23. */
type BaselineLine = readonly [text: string, cycles: number, outcome?: Outcome];

/** What the Baseline has beyond ARMv6-M; the rest is Cortex-M0+'s. */
const baselineCases: Record<
  Exclude<BaselineRuleName, SimpleRuleName>,
  readonly (readonly BaselineLine[])[]
> = {
  moveHalf: [
    [
      ["movw r0, #1000", 3],
      ["movt r0, #1000", 3],
      ["adds r0, r0, #1", 1],
    ],
  ],
  divide: [
    [
      ["udiv r0, r1, r2", 17],
      ["sdiv r0, r1, r2", 17],
      ["adds r0, r0, #1", 1],
    ],
  ],
  compareBranchTaken: [[["cbz r0, .+8", 2, "taken"]], [["cbnz r0, .+8", 2, "taken"]]],
  compareBranchNotTaken: [[["cbz r0, .+8", 1]]],
  branchFar: [[["b.w .+8", 3]]],
  exclusive: [
    [
      ["ldrex r0, [r1]", 3],
      ["strex r2, r0, [r1]", 3],
      ["lda r0, [r1]", 3],
    ],
  ],
};

describe.each([
  { name: "cortex-m3", rules: cortexM3 },
  { name: "cortex-m4", rules: cortexM4 },
])("$name", ({ name, rules }) => {
  const lines = (of: readonly Line[]): readonly Counted[] =>
    of.map(([text, cycles, outcome, m3]) => ({
      text,
      cycles: name === "cortex-m3" ? (m3 ?? cycles) : cycles,
      outcome,
    }));
  const cases = assembled("cortex-m4", pipelineCases, lines);
  const withRules = (changed: PipelineRules) =>
    pipelineModel({ name, estimate: false, rules: changed, flash: slow(noWaits), ram: noRamWaits });

  it.each(cases)("$rule: $shown", ({ code, counted }) => {
    expect(count(coreModel(loadTarget(name)), code, counted)).toEqual(counted.map(({ cycles }) => cycles));
  });

  it.each(Object.keys(rules) as PipelineRuleName[])("would notice another figure for %s", (rule) => {
    const { value } = rules[rule];
    const isSwitch = rule === "branchFetch" || rule === "nopBehindAccess" || rule === "writeBackPipelined";
    const other = isSwitch ? 1 - value : value + (rule === "fifoWords" ? -1 : 1);
    const changed = { ...rules, [rule]: { ...rules[rule], value: other } };
    expect(
      differs(
        cases.filter((each) => each.rule === rule),
        withRules(changed),
      ),
    ).toBe(true);
  });

  // Loops of eight, measured by jnk0le/random.
  it.each([
    ["ldr r1, [r0], #4", 16, 16],
    ["ldr r1, [r0], #4\nldr r2, [r3], #4", 9, 16],
    ["str r1, [r0], #4", 15, 15],
    ["str r1, [r0], #4\nstr r2, [r3], #4", 8, 8],
    ["ldr r1, [r0, r2]\nnop", 8, 8],
    ["str r1, [r0, r2]\nnop", 8, 8],
    ["str r1, [r0, r2]\nmov r4, r4", 12, 12],
  ])("takes what was measured of %j", (text, m4, m3) => {
    const lineCount = text.split("\n").length;
    const [code = []] = assemble("cortex-m4", [`${text}\n`.repeat(8 / lineCount)]);
    const cycles = count(coreModel(loadTarget(name)), code.slice(0, 8), []);
    expect(cycles.reduce((sum, each) => sum + each, 0)).toBe(name === "cortex-m4" ? m4 : m3);
  });
});

describe.each([
  { name: "cortex-m0plus", rules: cortexM0plus },
  { name: "cortex-m0", rules: cortexM0 },
])("$name", ({ name, rules }) => {
  const lines = (of: readonly SimpleLine[]): readonly Counted[] =>
    of.map(([text, m0plus, m0, outcome]) => ({ text, cycles: name === "cortex-m0" ? m0 : m0plus, outcome }));
  const cases = assembled(name, simpleCases, lines);
  const withRules = (changed: SimpleRules) =>
    simpleModel({ name, estimate: false, rules: changed, flash: slow(noWaits), ram: noRamWaits });

  it.each(cases)("$rule: $shown", ({ code, counted }) => {
    expect(count(coreModel(loadTarget(name)), code, counted)).toEqual(counted.map(({ cycles }) => cycles));
  });

  it.each(Object.keys(rules) as SimpleRuleName[])("would notice another figure for %s", (rule) => {
    const changed = { ...rules, [rule]: { ...rules[rule], value: rules[rule].value + 1 } };
    expect(
      differs(
        cases.filter((each) => each.rule === rule),
        withRules(changed),
      ),
    ).toBe(true);
  });
});

describe("cortex-m23", () => {
  const simple = (of: readonly SimpleLine[]): readonly Counted[] =>
    of.map(([text, m0plus, , outcome]) => ({ text, cycles: m0plus, outcome }));
  const lines = (of: readonly BaselineLine[]): readonly Counted[] =>
    of.map(([text, cycles, outcome]) => ({ text, cycles, outcome }));
  const cases = [
    ...assembled("cortex-m23", simpleCases, simple),
    ...assembled("cortex-m23", baselineCases, lines),
  ];
  const model = coreModel(loadTarget("cortex-m23"));

  it.each(cases)("$rule: $shown", ({ code, counted }) => {
    expect(count(model, code, counted)).toEqual(counted.map(({ cycles }) => cycles));
  });

  it.each(Object.keys(cortexM23) as BaselineRuleName[])("would notice another figure for %s", (rule) => {
    const rules = { ...cortexM23, [rule]: { ...cortexM23[rule], value: cortexM23[rule].value + 1 } };
    const changed = simpleModel({
      name: "",
      estimate: false,
      rules,
      flash: slow(noWaits),
      ram: noRamWaits,
    });
    expect(
      differs(
        cases.filter((each) => each.rule === rule),
        changed,
      ),
    ).toBe(true);
  });

  it("gives the ends of what no figure decides", () => {
    const [code = []] = assemble("cortex-m23", ["cbz r0, .+8"]);
    const [{ instruction } = expect.fail("nothing")] = code;
    const costs = [model.range?.cheapest, model, model.range?.dearest].map(
      (each) => each?.step(each.start, instruction, "taken").cycles,
    );
    expect(costs).toEqual([2, 2, 3]);
  });
});

describe("wait states of flash", () => {
  const straight = "adds r0, r0, #1\n".repeat(8);
  const [code = []] = assemble("cortex-m0", [straight]);
  const cost = (model: CycleModel): readonly number[] => count(model, code, []);
  const m0 = (timing: FlashTiming, ram = noRamWaits) =>
    simpleModel({ name: "", estimate: false, rules: cortexM0, flash: slow(timing), ram });
  const m4 = (timing: FlashTiming, ram = noRamWaits) =>
    pipelineModel({ name: "", estimate: false, rules: cortexM4, flash: slow(timing), ram });

  it("are paid for each word without prefetch", () => {
    const timing = { waitStates: 2, lineBytes: 4, prefetch: false } as const;
    expect(cost(m0(timing))).toEqual([3, 1, 3, 1, 3, 1, 3, 1]);
    // The fetch unit asks for the next word while this one executes: a word in three cycles.
    expect(cost(m4(timing))).toEqual([3, 1, 2, 1, 2, 1, 2, 1]);
  });

  it("are paid for each line of several words", () => {
    const timing = { waitStates: 2, lineBytes: 8, prefetch: false } as const;
    expect(cost(m0(timing))).toEqual([3, 1, 1, 1, 3, 1, 1, 1]);
    expect(cost(m4(timing))).toEqual([3, 1, 1, 1, 1, 1, 1, 1]);
  });

  it("pass behind what executes with prefetch", () => {
    const timing = { waitStates: 3, lineBytes: 8, prefetch: true } as const;
    expect(cost(m0(timing))).toEqual([4, 1, 1, 1, 1, 1, 1, 1]);
    expect(cost(m0({ ...timing, lineBytes: 4 }))).toEqual([4, 1, 2, 1, 2, 1, 2, 1]);
    expect(cost(m4({ ...timing, lineBytes: 4 }))).toEqual([4, 1, 3, 1, 3, 1, 3, 1]);
  });

  it("are those of flash alone", () => {
    const flash = { ...slow({ waitStates: 5, lineBytes: 4, prefetch: false }), start: 1 << 24, end: 1 << 25 };
    const inRam = simpleModel({ name: "", estimate: false, rules: cortexM0, flash, ram: noRamWaits });
    expect(cost(inRam)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it("of RAM delay each word that is not a literal", () => {
    const lines = [
      "ldr r0, [r1]",
      "str r0, [r1]",
      "ldm r1!, {r2, r3, r4}",
      "push {r4, r5}",
      "ldr r0, [pc, #0]",
      "mov r8, r8",
    ];
    const transferred = [1, 1, 3, 2, 0, 0];
    const [accesses = []] = assemble("cortex-m0", [`.align 2\n${lines.join("\n")}`]);
    for (const model of [m0, m4]) {
      const fast = count(model(noWaits), accesses, []);
      const late = count(model(noWaits, { waitStates: 5 }), accesses, []);
      expect(late.map((cycles, index) => cycles - (fast[index] ?? 0))).toEqual(
        transferred.map((words) => 5 * words),
      );
    }
  });

  it("delay a literal", () => {
    const [literal = []] = assemble("cortex-m4", ["ldr r0, [pc, #8]\nmov r9, r9"]);
    expect(count(m4({ waitStates: 2, lineBytes: 4, prefetch: false }), literal, [])).toEqual([6, 1]);
  });
});

describe("instructions under IT", () => {
  const [code = []] = assemble("cortex-m4", [
    "itett eq\naddeq r0, r0, #4\nldrne r1, [r0]\naddeq r0, r0, #4\nmoveq r2, #1\nstr r1, [r3]",
  ]);
  const felt = (name: string): readonly boolean[] =>
    code.map(({ instruction }, index) =>
      coreModel(loadTarget(name)).feelsExecution(instruction, code[index + 1]?.instruction),
    );

  it("are watched where execution can change a cost", () => {
    expect(felt("cortex-m4").slice(1, 5)).toEqual([true, true, false, false]);
  });

  it("are watched where they overlap with a load in front", () => {
    const [stores = []] = assemble("cortex-m4", ["itt eq\nldreq r3, [r1]\nstreq r3, [r2]\nbx lr"]);
    const model = coreModel(loadTarget("cortex-m4"));
    const felt = stores.map(({ instruction }, index) =>
      model.feelsExecution(instruction, stores[index + 1]?.instruction),
    );
    expect(felt.slice(1, 3)).toEqual([true, true]);
  });
});
