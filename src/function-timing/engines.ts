/** The processors that functions of any program are called on. */
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { Machine } from "../machine/machine.js";
import type { TimingEngineName } from "../emulators/engine.js";
import type { MakeProcessor } from "../emulators/core/processor.js";
import { unicornIfThere } from "../emulators/compared/open.js";
import { jsEngine } from "../emulators/js/engine.js";
import { jsProcessor } from "../emulators/js/processor.js";
import { unicornProcessor, unicornVersion } from "../emulators/unicorn/binding.js";

export interface TimingEngine {
  /** "unicorn 2.0.1" */
  readonly title: string;
  readonly makeProcessor: MakeProcessor;
}

/**
 * @throws AllocGenError: Unicorn is asked for by name, and its library is missing (exit code 3), or it does not know all
 *   instructions of the machine (exit code 2): then it tells no blocks of any program that could be counted
 */
export function timingEngine(name: TimingEngineName, machine: Machine): TimingEngine {
  const isCounted = machine.unicorn.lacksInstruction === undefined;
  if (name === "unicorn" && !isCounted) {
    const what = `--engine unicorn, for a function of ${machine.elf.title},`;
    throw new AllocGenError(2, [diagnose("not-available", { what, allowed: "js" })]);
  }
  switch (name) {
    case "auto":
      return timingEngine(isCounted && unicornIfThere() !== undefined ? "unicorn" : "js", machine);
    case "js":
      return { title: `js ${jsEngine().version}`, makeProcessor: jsProcessor };
    case "unicorn":
      return { title: `unicorn ${unicornVersion()}`, makeProcessor: unicornProcessor };
  }
}
