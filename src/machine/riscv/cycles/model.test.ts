import { expect, test } from "vitest";
import type { Outcome } from "../../cycle-model.js";
import { decode } from "../decode/decoder.js";
import { cycleModel } from "./model.js";

const flash = { waitStates: 0, lineBytes: 4, prefetch: false, start: 0, end: 0 } as const;
const model = (rules: string) => cycleModel({ name: rules, estimate: true, rules, flash });

/** The cycles of each of these, one behind another; control arrives by a branch. */
function cyclesOf(
  rules: string,
  code: readonly (readonly [word: number, outcome?: Outcome])[],
  from = 0,
): readonly number[] {
  const core = model(rules);
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

test("wait states are refused by name", () => {
  expect(() =>
    cycleModel({ name: "", estimate: true, rules: "hazard3", flash: { ...flash, waitStates: 1 } }),
  ).toThrow("wait states of flash are not modelled on RISC-V");
});
