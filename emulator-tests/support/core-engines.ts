/** The engines that are made of an emulated processor: what holds of one holds of all. */
import { expect } from "vitest";
import type { CoreEngine } from "../../src/emulators/core/engine.js";
import { jsEngine } from "../../src/emulators/js/engine.js";
import { unicornEngine } from "../../src/emulators/unicorn/engine.js";
import type { Engine } from "../../src/emulators/engine.js";
import { openEngine } from "../../src/verify/engines.js";
import { seededRandom } from "../../src/traces/random.js";

export const coreEngines: readonly CoreEngine[] = [unicornEngine(), jsEngine()];

/** One of them for each file of tests, by the seed; or what ALLOC_GEN_ENGINE names, which may be "witnessed" too. */
export function drawnEngine(): Engine {
  const wanted = process.env["ALLOC_GEN_ENGINE"];
  const file = expect.getState().testPath ?? "";
  const random = seededRandom(Number(process.env["ALLOC_GEN_SEED"] ?? 1), file.slice(file.lastIndexOf("/")));
  const found =
    wanted === undefined
      ? coreEngines[random.below(coreEngines.length)]
      : wanted === "witnessed"
        ? openEngine(wanted)
        : coreEngines.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`there is no engine ${wanted}`);
  return found;
}
