import { expect, it } from "vitest";
import { segregated, sequential, testConfig } from "../../../emulator-tests/support/configs.js";
import { makePlan } from "../make-plan.js";
import { loadTarget } from "../../targets/load.js";
import { seededRandom } from "../../traces/random.js";

it("holds for the bitmap and its summary in every heap of a long random run", () => {
  const config = testConfig({ policy: segregated({ subdivisions: 8 }), size: 8192 });
  const plan = makePlan(config, loadTarget(config.target));
  const policy = plan.rules;
  const limits = policy.wordLimits(plan);
  const field = (name: string) => plan.control.find((control) => control.name === name) ?? expect.fail(name);
  const heap = policy.reference(plan);
  const random = seededRandom(1, "word limits");
  const live: number[] = [];
  const largest = new Map(limits.map(({ offset }) => [offset, 0]));
  for (let step = 0; step < 3000; step++) {
    if (live.length === 0 || random.chance(0.6)) {
      const { payload } = heap.malloc(random.between(1, 2 ** random.between(3, 12)), 0);
      if (payload >= 0) live.push(payload);
    } else {
      heap.free(live.splice(random.below(live.length), 1)[0] ?? -1);
    }
    for (const name of ["summary", "bitmap"]) {
      for (const [index, value] of (heap.control().get(name) ?? []).entries()) {
        const offset = field(name).offset + 4 * index;
        largest.set(offset, Math.max(largest.get(offset) ?? 0, value ?? 0));
      }
    }
  }
  expect(limits).toHaveLength(1 + field("bitmap").count);
  for (const { offset, bytes, most } of limits) {
    expect(bytes).toBe(4);
    expect(largest.get(offset)).toBeLessThanOrEqual(most);
  }
  // As tight as it can be for the summary: each of its words was once in use.
  const summary = limits.find(({ offset }) => offset === field("summary").offset);
  expect(Math.clz32(largest.get(field("summary").offset) ?? 0)).toBe(Math.clz32(summary?.most ?? 0));
});

it("is not said of policies without a bitmap", () => {
  const config = testConfig({ policy: sequential() });
  const plan = makePlan(config, loadTarget(config.target));
  expect(plan.rules.wordLimits(plan)).toEqual([]);
});
