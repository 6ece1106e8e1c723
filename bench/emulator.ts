/**
 * How fast operations run in the emulator: uncounted, counted, and with payloads checked. Prints operations a second
 * and the ratios, which say more than the seconds of a busy machine. Run: npx tsx bench/emulator.ts
 */
import { smallHeapImage, uniformOperations } from "../emulator-tests/support/engine-images.js";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import type { UnicornOptions } from "../src/emulators/unicorn/engine.js";
import { loadTarget } from "../src/targets/load.js";

const operationCount = 50_000;
const batch = 1000;
const rounds = 5;

const variants: readonly (readonly [string, UnicornOptions])[] = [
  ["bare", { count: false, checkPayloads: false, checkAlignment: false }],
  ["payloads", { count: false, checkPayloads: true, checkAlignment: false }],
  ["counted", { count: true, checkPayloads: false, checkAlignment: false }],
  ["counted + payloads", { count: true, checkPayloads: true, checkAlignment: false }],
  ["all + alignment", { count: true, checkPayloads: true, checkAlignment: true }],
];

/** Best operations a second of a few rounds, and the figures of the last one. */
async function measure(targetName: string, options: UnicornOptions) {
  const target = loadTarget(targetName);
  const image = await smallHeapImage(targetName);
  const operations = uniformOperations(operationCount);
  const session = unicornEngine().open(image, target, operations, options);
  let best = 0;
  for (let round = 0; round < rounds; round += 1) {
    const fault = session.reset();
    if (fault !== undefined) throw new Error(fault.message);
    const start = performance.now();
    for (let from = 0; from < operationCount; from += batch) {
      const { fault } = session.execute(from, from + batch);
      if (fault !== undefined) throw new Error(`operation ${fault.operation}: ${fault.message}`);
    }
    best = Math.max(best, (operationCount / (performance.now() - start)) * 1000);
  }
  const mean = (values: Uint32Array) => values.reduce((sum, value) => sum + value, 0) / operationCount;
  const figures = { instructions: mean(session.instructions), cycles: mean(session.cycles) };
  session.close();
  return { best, ...figures };
}

for (const target of ["cortex-m4", "cortex-m0"]) {
  let bare = 0;
  for (const [name, options] of variants) {
    const { best, instructions, cycles } = await measure(target, options);
    bare ||= best;
    const columns = [
      target.padEnd(10),
      name.padEnd(20),
      `${Math.round(best).toLocaleString("en-US")} operations/s`.padStart(22),
      `${(bare / best).toFixed(2)} x bare`.padStart(12),
      `${instructions.toFixed(1)} instructions`.padStart(20),
      `${cycles.toFixed(1)} cycles an operation`,
    ];
    console.log(columns.join("  "));
  }
}
