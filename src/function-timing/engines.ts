/** The processors that functions of any program are called on. */
import type { CoreEngineName } from "../emulators/engine.js";
import type { MakeProcessor } from "../emulators/core/processor.js";
import { jsEngine } from "../emulators/js/engine.js";
import { jsProcessor } from "../emulators/js/processor.js";
import { unicornProcessor, unicornVersion } from "../emulators/unicorn/binding.js";

export interface TimingEngine {
  /** "unicorn 2.0.1" */
  readonly title: string;
  readonly makeProcessor: MakeProcessor;
}

/** @throws AllocGenError, exit code 3: Unicorn's library is missing */
export function timingEngine(name: CoreEngineName): TimingEngine {
  switch (name) {
    case "js":
      return { title: `js ${jsEngine().version}`, makeProcessor: jsProcessor };
    case "unicorn":
      return { title: `unicorn ${unicornVersion()}`, makeProcessor: unicornProcessor };
  }
}
