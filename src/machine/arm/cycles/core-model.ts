/** The cores that are modelled, by the names of their rules. */
import { atEnd, type CycleModel, type CycleModelOptions } from "../../cycle-model.js";
import { cortexM0, cortexM0plus, cortexM23, type BaselineRules } from "./cortex-m0.js";
import { cortexM3, cortexM4 } from "./cortex-m3.js";
import { cortexM33, type DualSlotRules } from "./cortex-m33.js";
import { cortexM7 } from "./cortex-m7.js";
import { dualIssueModel } from "./dual-issue.js";
import { dualSlotModel } from "./dual-slot.js";
import { pipelineModel } from "./pipeline.js";
import { simpleModel } from "./simple.js";

export const cycleRules = [
  "cortex-m0",
  "cortex-m0plus",
  "cortex-m23",
  "cortex-m3",
  "cortex-m4",
  "cortex-m7",
  "cortex-m33",
] as const;
/** The others need no addresses. */
export const waitStateRules: readonly RuleSet[] = [
  "cortex-m0",
  "cortex-m0plus",
  "cortex-m23",
  "cortex-m3",
  "cortex-m4",
];
type RuleSet = (typeof cycleRules)[number];

const models: Readonly<Record<RuleSet, (options: CycleModelOptions) => CycleModel>> = {
  "cortex-m0": (options) => simpleModel({ ...options, rules: cortexM0 }),
  "cortex-m0plus": (options) => simpleModel({ ...options, rules: cortexM0plus }),
  "cortex-m23": (options) => {
    const withRules = (rules: BaselineRules) => simpleModel({ ...options, rules });
    const range = {
      cheapest: withRules(atEnd(cortexM23, "cheapest")),
      dearest: withRules(atEnd(cortexM23, "dearest")),
    };
    return { ...withRules(cortexM23), range };
  },
  "cortex-m3": (options) => pipelineModel({ ...options, rules: cortexM3 }),
  "cortex-m4": (options) => pipelineModel({ ...options, rules: cortexM4 }),
  "cortex-m7": ({ name, estimate }) => {
    const model = { name, estimate, rules: cortexM7 };
    const worst = dualIssueModel({ ...model, isPredicted: false });
    return { ...dualIssueModel({ ...model, isPredicted: true }), worst };
  },
  "cortex-m33": ({ name, estimate }) => {
    const withRules = (rules: DualSlotRules) => dualSlotModel({ name, estimate, rules });
    const range = {
      cheapest: withRules(atEnd(cortexM33, "cheapest")),
      dearest: withRules(atEnd(cortexM33, "dearest")),
    };
    return { ...withRules(cortexM33), range };
  },
};

/** @throws Error where there are no such rules. */
export function cycleModel(options: CycleModelOptions): CycleModel {
  const rules = cycleRules.find((name) => name === options.rules);
  if (rules === undefined) throw new Error(`no rules ${options.rules} of an Arm core`);
  return models[rules](options);
}
