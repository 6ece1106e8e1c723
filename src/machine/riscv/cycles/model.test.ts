import { expect, test } from "vitest";
import type { CycleModel, Outcome } from "../../cycle-model.js";
import { decode } from "../decode/decoder.js";
import { cycleModel } from "./model.js";

const flash = { waitStates: 0, lineBytes: 4, prefetch: false, start: 0, end: 0 } as const;
const model = (rules: string) => cycleModel({ name: rules, estimate: true, rules, flash });

type Line = readonly [word: number, outcome?: Outcome];

/** The cycles of each of these, one behind another; control arrives by a branch. */
const cyclesOf = (rules: string, code: readonly Line[], from = 0): readonly number[] =>
  priced(model(rules), code, from);

function priced(core: CycleModel, code: readonly Line[], from: number): readonly number[] {
  let [state, at] = [core.start, from];
  return code.map(([word, outcome = "executed"]) => {
    const found = decode(at, word & 0xffff, word >>> 16);
    if (found.kind === "unknown") throw new Error("unknown");
    const { cycles, next } = core.step(state, found, outcome);
    state = next;
    at += found.size;
    return cycles;
  });
}

const loadWord = 0x0005a503; // lw a0, 0(a1)
const loadByte = 0x00058503; // lb a0, 0(a1)
const uses = 0x00150513; // addi a0, a0, 1
const other = 0x00168693; // addi a3, a3, 1
const storesIt = 0x00a5a023; // sw a0, 0(a1)
const storesThere = 0x00b52023; // sw a1, 0(a0)
const backward = 0xfe051ee3; // bnez a0, -4
const forward = 0x00051463; // bnez a0, 8
const returns = 0x8082;

test("what needs a loaded word at once waits for it", () => {
  for (const load of [loadWord, loadByte]) {
    expect(cyclesOf("hazard3", [[load], [uses]])).toEqual([1, 2]);
    expect(cyclesOf("hazard3", [[load], [other], [uses]])).toEqual([1, 1, 1]);
    expect(cyclesOf("hazard3", [[load], [storesIt]])).toEqual([1, 1]);
    expect(cyclesOf("hazard3", [[load], [storesThere]])).toEqual([1, 2]);
  }
  expect(cyclesOf("riscv-generic", [[loadWord], [storesIt]])).toEqual([1, 2]);
});

test("branches take what the worse prediction costs", () => {
  expect(cyclesOf("hazard3", [[forward], [other]])).toEqual([1, 1]);
  expect(cyclesOf("hazard3", [[forward, "taken"]])).toEqual([2]);
  expect(cyclesOf("hazard3", [[backward, "taken"]], 8)).toEqual([2]);
  expect(cyclesOf("hazard3", [[backward]], 8)).toEqual([2]);
  expect(cyclesOf("hazard3", [[returns, "taken"]])).toEqual([2]);
  expect(cyclesOf("riscv-generic", [[backward]], 8)).toEqual([1]);
});

test("a wide instruction that is not aligned costs one more where control goes to it", () => {
  expect(cyclesOf("hazard3", [[other]], 2)).toEqual([2]);
  expect(cyclesOf("hazard3", [[returns]], 2)).toEqual([2]);
  expect(cyclesOf("hazard3", [[other], [other]], 2)).toEqual([2, 1]);
});

const loadsZero = 0x0005a003; // lw zero, 0(a1)
const loadsOther = 0x0005a683; // lw a3, 0(a1)
const replaces = 0x00100513; // addi a0, zero, 1
const multiplies = 0x02b50533; // mul a0, a0, a1
const divides = 0x02b6d6b3; // divu a3, a3, a1
const readsStatus = 0x30002573; // csrrs a0, mstatus, zero

const e31 = model("sifive-e31");
const onE31 = (...words: readonly number[]): readonly number[] =>
  cyclesOf(
    "sifive-e31",
    words.map((word) => [word]),
  );

test("SiFive E31: what is loaded takes a cycle more, and two where it is no word", () => {
  expect(onE31(loadWord, uses)).toEqual([1, 2]);
  expect(onE31(loadWord, storesIt)).toEqual([1, 2]);
  expect(onE31(loadByte, uses)).toEqual([1, 3]);
  expect(onE31(loadByte, other, uses)).toEqual([1, 1, 2]);
  expect(onE31(loadByte, loadsOther, uses, other)).toEqual([1, 1, 2, 1]);
  expect(onE31(loadsZero, other)).toEqual([1, 1]);
});

test("SiFive E31: what writes a register waits for what is loaded there", () => {
  expect(onE31(loadByte, replaces, uses)).toEqual([1, 3, 1]);
  expect(cyclesOf("hazard3", [[loadByte], [replaces], [uses]])).toEqual([1, 1, 1]);
});

test("SiFive E31: products and status registers come late, one product at a time", () => {
  expect(onE31(multiplies, other, uses)).toEqual([1, 1, 4]);
  expect(onE31(multiplies, divides)).toEqual([1, 37]);
  expect(onE31(readsStatus, uses)).toEqual([1, 3]);
});

test("SiFive E31: branches go as predicted; at worst each costs three cycles more", () => {
  const ways: readonly Line[] = [[forward], [forward, "taken"], [backward], [backward, "taken"], [returns]];
  for (const way of ways) {
    expect(priced(e31, [way], 8)).toEqual([1]);
    expect(priced(e31.worst ?? e31, [way], 8)).toEqual([4]);
  }
});

test("QingKe V2: memory takes two cycles, and nothing waits for it; what leaves takes three", () => {
  const words = [loadWord, uses, storesIt, loadByte, uses].map((word): Line => [word]);
  expect(cyclesOf("qingke-v2", words)).toEqual([2, 1, 2, 2, 1]);
  const ways: readonly Line[] = [[forward], [forward, "taken"], [backward, "taken"], [returns]];
  expect(ways.map((way) => cyclesOf("qingke-v2", [way], 8))).toEqual([[1], [3], [3], [3]]);
  expect(cyclesOf("qingke-v2", [[other], [other]], 2)).toEqual([2, 1]);
});

test("wait states are refused by name", () => {
  expect(() =>
    cycleModel({ name: "", estimate: true, rules: "hazard3", flash: { ...flash, waitStates: 1 } }),
  ).toThrow("wait states of flash are not modelled on RISC-V");
});
