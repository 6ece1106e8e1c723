import { expect, it } from "vitest";
import type { FunctionBounds } from "../proof/bounds.js";
import type { ModelBounds } from "../proof/task.js";
import type { RunBounds } from "../verify/run-bounds.js";
import { terminalOf } from "./formats/text-parts.js";
import { boundSection, excesses, interruptMaskingSection } from "./formats/text-bounds.js";
import { boundsOf, interruptMaskingOf, reportProofs } from "./proofs.js";

const constant = (cycles: number) => ({ cycles, formula: { base: cycles, terms: [] } });
const own = (cycles: number): FunctionBounds => ({
  cycles: constant(cycles),
  stack: { bytes: 16 },
  interruptMasking: constant(cycles - 10),
});
const model = (malloc: number, free: number): ModelBounds => ({
  proven: { init: own(300), malloc: own(malloc), free: own(free) },
  uncalled: { stats: own(malloc) },
});
const seen = (cycles: number) => ({ cycles, stackBytes: 16, maskingCycles: cycles - 10 });
const runs = (malloc: number, free: number): Pick<RunBounds, "observed"> => ({
  observed: { malloc: seen(malloc), free: seen(free) },
});

const lines = (bounds: RunBounds) => {
  const proofs = reportProofs(bounds, true);
  const terminal = terminalOf(false);
  return [
    ...boundSection({ proofs }, terminal),
    ...interruptMaskingSection({ proofs, lock: "primask" }, terminal),
  ];
};

const predicted: RunBounds = { ...model(116, 119), branchesPredicted: model(58, 52), ...runs(58, 52) };

it("has bounds with branches predicted beside those with every one mispredicted", () => {
  const proofs = reportProofs(predicted, true);
  expect(boundsOf(proofs)).toMatchObject({
    malloc: { cycles: 116, branchesPredicted: 58, observed: 58 },
    stats: { cycles: 116, branchesPredicted: 58 },
  });
  expect(interruptMaskingOf(proofs)["free"]).toEqual({ cycles: 109, branchesPredicted: 42, observed: 42 });
  expect(lines(predicted).slice(0, 6)).toEqual([
    "Bounds on any call, proven on the binary",
    "        cycles  predicted  seen  ratio  stack  seen",
    "malloc     116         58    58  1.000     16    16",
    "free       119         52    52  1.000     16    16",
    "stats      116         58     -            16     -",
    "cycles: every branch mispredicted; predicted: branches go as predicted, as in all figures of runs",
  ]);
});

it("holds what was seen against the bound with branches predicted", () => {
  expect(excesses(reportProofs(predicted, false))).toEqual([]);
  expect(excesses(reportProofs({ ...predicted, ...runs(60, 52) }, false))).toEqual([
    "malloc took 60 cycles, above its bound of 58",
  ]);
});

it("says how far bounds go as undecided rules do", () => {
  const uncalled = {};
  const range = { cheapest: { ...model(85, 67), uncalled }, dearest: { ...model(93, 72), uncalled } };
  const bounds: RunBounds = { ...model(85, 67), range, ...runs(85, 67) };
  expect(boundsOf(reportProofs(bounds, true))["malloc"]).toMatchObject({
    cycles: 85,
    range: { cheapest: 85, dearest: 93 },
  });
  const sentence = "Where no published figure decides a rule of the model:";
  expect(lines(bounds).filter((line) => line.startsWith(sentence))).toEqual([
    `${sentence} malloc 85 to 93, free 67 to 72`,
    `${sentence} malloc 75 to 83, free 57 to 62`,
  ]);
  expect(boundsOf(reportProofs({ ...model(85, 67), ...runs(85, 67) }, true))["malloc"]).toEqual({
    cycles: 85,
    observed: 85,
    stackBytes: 16,
  });
});
