/** Engines by the words that choose them. */
import { bothEngines } from "../emulators/compared/paired.js";
import { jsWithWitness } from "../emulators/compared/open.js";
import { jsEngine } from "../emulators/js/engine.js";
import { qemuEngine } from "../emulators/qemu/engine.js";
import { unicornEngine } from "../emulators/unicorn/engine.js";
import type { Engine, EngineChoice } from "../emulators/engine.js";

const engines: Readonly<Record<string, () => Engine>> = {
  witnessed: jsWithWitness,
  js: jsEngine,
  unicorn: unicornEngine,
  qemu: qemuEngine,
};

/** The engine of that name, or several as one. @throws AllocGenError, exit code 3: what it needs is missing. */
export function openEngine(choice: EngineChoice): Engine {
  const names = choice === "both" ? ["unicorn", "qemu"] : choice.split("+");
  const [first, ...others] = names.map((name) => {
    const open = engines[name];
    if (open === undefined) throw new Error(`there is no engine ${name}`);
    return open();
  });
  if (first === undefined) throw new Error("no engine was asked for");
  return others.reduce(bothEngines, first);
}
