/**
 * One bit of an allocator's code is changed, in images of drawn configs: JavaScript, Unicorn and QEMU must make the same of each.
 * ALLOC_GEN_SEED draws; `npm run flips` tries as many as are asked for.
 */
import { expect, it } from "vitest";
import { jsEngine } from "../src/emulators/js/engine.js";
import { openEngine } from "../src/verify/engines.js";
import { seededRandom } from "../src/traces/random.js";
import { flipImages } from "./support/flipped-images.js";

it.each([
  ["unicorn", 60, 10],
  ["qemu", 24, 4],
] as const)("js and %s make the same of an image", async (name, images, each) => {
  const differences: string[] = [];
  const counts = await flipImages({
    engine: jsEngine(),
    witness: openEngine(name),
    isBoard: name === "qemu",
    random: seededRandom(Number(process.env["ALLOC_GEN_SEED"] ?? 1), `flips for ${name}`),
    each,
    images,
    tell: (line) => differences.push(line),
  });
  expect(differences).toEqual([]);
  expect([...counts.values()].reduce((sum, count) => sum + count)).toBe(images);
  // Integer code whose bits are changed is integer code, but for a few.
  expect(counts.get("refused") ?? 0).toBeLessThan(images / 4);
  expect(counts.get("lost") ?? 0).toBeLessThan(images / 3);
});
