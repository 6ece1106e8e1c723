/** The processors that functions of any program are called on. */
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

/** @throws AllocGenError, exit code 3: Unicorn is asked for by name, and its library is missing */
export function timingEngine(name: TimingEngineName): TimingEngine {
  switch (name) {
    case "auto":
      return timingEngine(unicornIfThere() === undefined ? "js" : "unicorn");
    case "js":
      return { title: `js ${jsEngine().version}`, makeProcessor: jsProcessor };
    case "unicorn":
      return { title: `unicorn ${unicornVersion()}`, makeProcessor: unicornProcessor };
  }
}
