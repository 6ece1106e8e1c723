/**
 * The default policy on every core, with every figure that its model gives: all operations are predicted, and bounds are
 * above the worst call and near it. What has a figure with branches mispredicted, or ends of a range, is run with each.
 */
import { expect, test } from "vitest";
import { placedFunctions } from "../src/csource/source-lines.js";
import type { CycleModel } from "../src/machine/cycle-model.js";
import { emitC } from "../src/outputs/c/emit.js";
import { loopLimitsOf } from "../src/plan/loop-limits.js";
import { proveBounds, type FunctionBounds } from "../src/proof/bounds.js";
import { coreModel } from "../src/targets/core-model.js";
import { loadTarget } from "../src/targets/load.js";
import { generateWorkload } from "../src/traces/generate.js";
import { verifyDirected } from "../src/verify/directed.js";
import type { Bench } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { deriveCosts } from "../src/verify/prediction.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { segregated } from "./support/configs.js";
import { coreEngines, drawnEngine } from "./support/core-engines.js";
import { ruleTargets } from "./support/targets.js";

/** The figures of a core's model, by name. */
function modelsOf(target: string): readonly { readonly figure: string; readonly model: CycleModel }[] {
  const model = coreModel(loadTarget(target));
  return [
    { figure: "the model", model },
    ...(model.worst === undefined ? [] : [{ figure: "every branch mispredicted", model: model.worst }]),
    ...Object.entries(model.range ?? {}).map(([end, of]: [string, CycleModel]) => ({
      figure: end,
      model: of,
    })),
  ];
}

const cases = ruleTargets.flatMap((target) =>
  modelsOf(target).flatMap(({ figure, model }) =>
    (["-Os", "-O2"] as const).map((optimize) => ({ target, figure, model, optimize })),
  ),
);

/** The engine, with another model than the target's. */
function withModel(bench: Bench, model: CycleModel): Bench {
  const { name } = drawnEngine();
  const engine = coreEngines.find((each) => each.name === name) ?? expect.fail(`${name} is none`);
  return {
    ...bench,
    engine: {
      ...engine,
      open: (image, target, operations, options) =>
        engine.open(image, target, operations, { ...options, model }),
    },
  };
}

function prove({ plan, image, target }: Bench, pricing: CycleModel) {
  const names = { version: "test", configName: "a", configHash: "0", targetName: target.name };
  const source = emitC(plan, names).find(({ name }) => name.endsWith(".c")) ?? expect.fail("no C");
  return proveBounds({
    image,
    pricing,
    source: { name: source.name, functions: placedFunctions(source.text) },
    loopLimits: loopLimitsOf(plan),
    wordLimits: plan.rules.wordLimits(plan),
  });
}

const cyclesOf = ({ cycles }: FunctionBounds): number =>
  "cycles" in cycles ? cycles.cycles : expect.fail(cycles.unprovable);

test.each(cases)("$target $optimize, $figure", async ({ target, model, optimize }) => {
  const bench = withModel(
    await benchFor({ policy: segregated({ split: "two-ended" }), target, optimize }),
    model,
  );
  const costs = deriveCosts(bench);
  const { plan } = bench;
  const operations = lowered(
    plan,
    generateWorkload("power-law", {
      seed: 1,
      operations: 3000,
      heapBytes: plan.heapBytes,
      maximumRequest: plan.maximumRequestBytes,
      minimumRequest: 1,
    }),
  );
  const random = verifyWorkload(bench, "power-law", operations, { costs });
  expect(random.result.wrongPrediction).toBeUndefined();
  expect(random.result.malloc.predicted.exact).toBeGreaterThan(1000);

  const proven = prove(bench, model);
  const bounds = { malloc: cyclesOf(proven.malloc), free: cyclesOf(proven.free) };
  const directed = verifyDirected(bench, { seed: 1, minimumRequest: 1, bounds, costs });
  expect(directed.result.wrongPrediction).toBeUndefined();
  for (const name of ["malloc", "free"] as const) {
    const worst = Math.max(...[random, directed].map(({ result }) => result[name].cycles.max));
    expect(bounds[name]).toBeGreaterThanOrEqual(worst);
    expect(bounds[name] / worst).toBeLessThanOrEqual(1.05);
  }
});
