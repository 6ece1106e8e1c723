import fc from "fast-check";
import { expect, test } from "vitest";
import { segregated, testConfig, type TestConfig } from "../../emulator-tests/support/configs.js";
import type { Plan } from "../plan/plan.js";
import { makePlan } from "../policies/make-plan.js";
import { loadTarget } from "../targets/load.js";
import { lowerTrace } from "../traces/lower.js";
import type { TraceOperation } from "../traces/operation.js";
import { lowered, loweringHeap } from "./lowered.js";

function planOf(test: Partial<TestConfig>): Plan {
  const config = testConfig({ policy: segregated(), size: 1024, ...test });
  return makePlan(config, loadTarget(config.target));
}

/** In a heap that is soon full. */
const steps = fc.array(
  fc.record({
    id: fc.nat(7),
    size: fc.integer({ min: 0, max: 400 }),
    kind: fc.constantFrom("malloc", "calloc", "aligned", "realloc", "free"),
  }),
  { minLength: 1, maxLength: 60 },
);

type Step = ReturnType<typeof steps.generate>["value"][number];

function operationsOf(drawn: readonly Step[]): readonly TraceOperation[] {
  const live = new Set<number>();
  return drawn.map(({ id, size, kind }): TraceOperation => {
    if (live.has(id)) {
      if (kind === "realloc") return { kind, id, size };
      live.delete(id);
      return { kind: "free", id };
    }
    live.add(id);
    if (kind === "aligned") return { kind, id, alignment: 8, size };
    return { kind: kind === "calloc" ? kind : "malloc", id, size };
  });
}

test.each([
  ["malloc and free", {}],
  ["all functions", { api: { calloc: true, realloc: true, alignedAlloc: true } }],
] as const)("the operations are those that the reference decides on, asked or not: %s", (_name, config) => {
  const plan = planOf(config);
  const seen = { withRealloc: 0, without: 0 };
  fc.assert(
    fc.property(steps, (drawn) => {
      const trace = { name: "t", header: new Map<string, string>(), operations: operationsOf(drawn) };
      if (trace.operations.some(({ kind }) => kind === "realloc")) seen.withRealloc++;
      else seen.without++;
      expect(lowered(plan, trace)).toEqual(lowerTrace(trace, loweringHeap(plan)).operations);
    }),
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});
