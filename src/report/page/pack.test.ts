import { expect, it } from "vitest";
import fc from "fast-check";
import { unpacked, unpackedSteps } from "../../../page/packed.js";
import { packed, packedSteps } from "./pack.js";

const numbers = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }));

it("packs numbers so that the page's script finds them again", async () => {
  await fc.assert(
    fc.asyncProperty(numbers, async (values) => {
      expect([...(await unpacked(packed(values)))]).toEqual(values);
      expect([...(await unpackedSteps(packedSteps(values)))]).toEqual(values);
    }),
    { numRuns: 50 },
  );
});

it("packs what hardly changes in few characters", () => {
  const rising = Array.from({ length: 100_000 }, (_, index) => 1_000_000 + 2 * index);
  expect(packedSteps(rising).length).toBeLessThan(300);
});
