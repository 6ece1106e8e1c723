/** The cycle model of a target: its core's rules, and the wait states of its flash. */
import type { RuleSet, Target } from "../../../targets/target.js";
import type { CycleModel } from "../../cycle-model.js";
import { cortexM0, cortexM0plus } from "./cortex-m0.js";
import { cortexM3, cortexM4 } from "./cortex-m3.js";
import type { SlowMemory } from "./fetch.js";
import { pipelineModel } from "./pipeline.js";
import { simpleModel } from "./simple.js";

interface Options {
  readonly name: string;
  readonly estimate: boolean;
  readonly flash: SlowMemory;
}

const models = {
  "cortex-m0": (options: Options) => simpleModel({ ...options, rules: cortexM0 }),
  "cortex-m0plus": (options: Options) => simpleModel({ ...options, rules: cortexM0plus }),
  "cortex-m3": (options: Options) => pipelineModel({ ...options, rules: cortexM3 }),
  "cortex-m4": (options: Options) => pipelineModel({ ...options, rules: cortexM4 }),
} satisfies Record<RuleSet, (options: Options) => CycleModel>;

/** The model that the target names. */
export function coreModel({ memory: { flash }, cycleModel }: Target): CycleModel {
  const { name, estimate, rules, flash: timing } = cycleModel;
  return models[rules]({
    name,
    estimate,
    flash: { ...timing, start: flash.origin, end: flash.origin + flash.length },
  });
}
