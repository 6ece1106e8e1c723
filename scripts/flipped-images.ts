/**
 * Flips bits of allocators' code in images of drawn configs and holds what the engine in JavaScript makes of each against another
 * engine; prints each difference and how the images ended: npm run flips -- [--images N] [--seed S] [--engine unicorn|qemu]
 */
import { parseArgs } from "node:util";
import { jsEngine } from "../src/emulators/js/engine.js";
import { seededRandom } from "../src/traces/random.js";
import { openEngine } from "../src/verify/engines.js";
import { flipImages } from "../emulator-tests/support/flipped-images.js";

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    engine: { type: "string", default: "unicorn" },
  },
});
const witness = values.engine === "qemu" ? "qemu" : "unicorn";
const counts = await flipImages({
  engine: jsEngine(),
  witness: openEngine(witness),
  isBoard: witness === "qemu",
  random: seededRandom(Number(values.seed), "flips"),
  each: 20,
  images: Number(values.images),
  tell: (line) => {
    console.log(line);
  },
});
for (const [kind, count] of [...counts].sort(([, left], [, right]) => right - left))
  console.log(`${kind}: ${count}`);
if (counts.has("differs")) process.exitCode = 1;
