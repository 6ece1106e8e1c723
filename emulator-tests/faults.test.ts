/** A broken allocator is caught: each hand-made fault ends in a minimal sequence that shows it. */
import { describe, expect, test } from "vitest";
import { seededRandom } from "../src/traces/random.js";
import { generateWorkload } from "../src/traces/generate.js";
import { namesOf, type HeapOperations } from "../src/traces/operation.js";
import { parseTrace } from "../src/traces/parse.js";
import type { Bench } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { countingEngine } from "./support/counting-engine.js";
import { f } from "./support/c-words.js";
import { segregated } from "./support/configs.js";
import { handMadeFaults } from "./support/faults.js";
import { editOf, insert } from "./support/hand-made-fault.js";
import { randomOperations } from "./support/random-operations.js";

/** Mallocs and frees of every kind, or where there are more functions all of them. */
function operationsFor({ plan, image }: Bench): HeapOperations {
  const { heapBytes, maximumRequestBytes: maximumRequest } = plan;
  if (namesOf(image.entries).length === 2) {
    return randomOperations({ length: 3000, heapBytes, maximumRequest }, seededRandom(1, "faults"));
  }
  const options = { seed: 1, operations: 3000, heapBytes, maximumRequest, minimumRequest: 1 };
  return lowered(plan, generateWorkload("mixed", options), image.heapAddress);
}

/** Operations that may be executed to make a sequence short, as a multiple of the sequence's. */
const mostWork = 40;

describe("a hand-made fault", () => {
  test.each(handMadeFaults)("$name", async (fault) => {
    const { config, cause } = fault;
    const bench = await benchFor(config, editOf(fault));
    const operations = operationsFor(bench);
    const engine = countingEngine(bench.engine);
    const { mismatch } = verifyWorkload({ ...bench, engine }, "random", operations).result;

    expect(mismatch).toBeDefined();
    expect(mismatch?.minimal.length).toBeLessThan(20);
    if (cause !== undefined) expect(mismatch?.message).toMatch(new RegExp(`^${cause}: `));
    expect(engine.executed()).toBeLessThan(mostWork * operations.length);
    const lines = mismatch?.minimal ?? [];
    const shortest =
      lines.length === 0
        ? { name: "minimal", header: new Map(), operations: [] }
        : parseTrace(lines.join("\n"), "minimal", "minimal");
    const minimal = lowered(bench.plan, shortest, bench.image.heapAddress);
    const again = verifyWorkload(bench, "minimal", minimal).result.mismatch;
    expect(again?.message).toBe(mismatch?.minimalMessage);
  });

  test("makes what no sound allocator makes: the same C without an edit shows no difference", async () => {
    const configs = new Map(handMadeFaults.map(({ config }) => [JSON.stringify(config), config]));
    for (const config of configs.values()) {
      const bench = await benchFor(config);
      expect(verifyWorkload(bench, "random", operationsFor(bench)).result.mismatch).toBeUndefined();
    }
  });
});

test("a fault that only thousands of operations show is told after a bounded number of them", async () => {
  const config = { policy: segregated(), size: 4096 };
  const forgets = editOf({
    function: f.appFree,
    change: insert("static uint32_t calls; calls++; if ((calls % 2000U) == 0U) { return; }"),
  });
  const bench = await benchFor(config, forgets);
  const engine = countingEngine(bench.engine);
  const { heapBytes, maximumRequestBytes: maximumRequest } = bench.plan;
  const options = { seed: 1, operations: 20_000, heapBytes, maximumRequest, minimumRequest: 1 };
  const operations = lowered(bench.plan, generateWorkload("uniform", options));
  const { mismatch } = verifyWorkload({ ...bench, engine }, "long", operations).result;

  expect(mismatch?.minimal.length).toBeGreaterThanOrEqual(4000);
  expect(mismatch?.minimalMessage).toMatch(/ \(offset \d+\) is 0x/);
  expect(engine.executed()).toBeLessThan(1_500_000);
  for (const drawing of [mismatch?.referenceDrawing, mismatch?.emulatedDrawing])
    expect(drawing?.split("\n").length).toBeLessThanOrEqual(43);
});
