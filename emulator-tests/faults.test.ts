/** A broken allocator is caught: each hand-made fault ends in a minimal sequence that shows it. */
import { describe, expect, test } from "vitest";
import { seededRandom } from "../src/traces/random.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { handMadeFaults } from "./support/faults.js";
import { fromNotation } from "./support/notation.js";
import { randomOperations } from "./support/random-operations.js";

describe("a hand-made fault", () => {
  test.each(handMadeFaults)("$name", async ({ config, edit, cause }) => {
    const bench = await benchFor(config, edit);
    const { heapBytes, maximumRequestBytes } = bench.plan;
    const operations = randomOperations(
      { length: 3000, heapBytes, maximumRequest: maximumRequestBytes },
      seededRandom(1, "faults"),
    );
    const began = performance.now();
    const { mismatch } = verifyWorkload(bench, "random", operations).result;
    const seconds = (performance.now() - began) / 1000;

    expect(mismatch).toBeDefined();
    expect(mismatch?.minimal.length).toBeLessThan(20);
    if (cause !== undefined) expect(mismatch?.message).toMatch(new RegExp(`^${cause}: `));
    expect(seconds).toBeLessThan(10);
    const again = verifyWorkload(bench, "minimal", fromNotation(mismatch?.minimal ?? [])).result.mismatch;
    expect(again?.message).toBe(mismatch?.minimalMessage);
  });

  test("makes what no sound allocator makes: the same C without an edit shows no difference", async () => {
    const configs = new Map(handMadeFaults.map(({ config }) => [JSON.stringify(config), config]));
    for (const config of configs.values()) {
      const bench = await benchFor(config);
      const { heapBytes, maximumRequestBytes } = bench.plan;
      const operations = randomOperations(
        { length: 3000, heapBytes, maximumRequest: maximumRequestBytes },
        seededRandom(1, "faults"),
      );
      expect(verifyWorkload(bench, "random", operations).result.mismatch).toBeUndefined();
    }
  });
});
