import { describe, expect, test } from "vitest";
import { noApi, pool, testConfig } from "../../../emulator-tests/support/configs.js";
import { loadTarget } from "../../targets/load.js";
import { seededRandom } from "../../traces/random.js";
import { makePlan } from "../make-plan.js";
import { pool as poolPolicy } from "./index.js";

/** Words of bits, and how many the last block's bit asks for: one bit for each 2^shift bytes from the first block on. */
function wordsOf(size: number, classes: readonly (readonly [number, number?])[]) {
  const config = testConfig({
    policy: pool(classes),
    size,
    api: { ...noApi, check: true, alignedAlloc: classes.length > 1 },
  });
  const plan = makePlan(config, loadTarget(config.target));
  if (!poolPolicy.owns(plan)) throw new Error("not a pool");
  const { usedBits, classes: planned } = plan.policy;
  const last = planned.at(-1);
  if (usedBits === undefined || last === undefined) throw new Error("no bits");
  const bit = Math.floor((last.end - last.blockBytes - plan.firstBlock) / 2 ** usedBits.shift);
  return { words: usedBits.words, asked: Math.floor(bit / 32) + 1, end: last.end };
}

describe("the table of bits is as long as the blocks need", () => {
  test.each([384, 500, 512, 516, 600])("%i KiB, a gap before the large blocks", (kibibytes) => {
    const { words, asked, end } = wordsOf(kibibytes * 1024, [[40, 32], [4096]]);
    expect(words).toBe(asked);
    expect(end).toBeLessThanOrEqual(kibibytes * 1024);
  });

  test("sizes at random", () => {
    const random = seededRandom(20261130, "bits of pools");
    for (let round = 0; round < 300; round++) {
      const size = 8 * random.between(1024, 65536);
      const classes = [
        [8 * random.between(1, 12), random.between(1, 50)],
        [16 * 2 ** random.between(3, 8)],
      ] as const;
      const { words, asked } = wordsOf(size, classes);
      expect(words, JSON.stringify({ size, classes })).toBe(asked);
    }
  });
});
