/** The cycle model of a target: its core's rules, and the wait states of its memory. */
import type { CycleModel } from "../machine/cycle-model.js";
import { machineOf } from "../machine/registry.js";
import type { Target } from "./target.js";

/** The model that the target names. */
export function coreModel(target: Pick<Target, "architecture" | "memory" | "cycleModel">): CycleModel {
  const { flash } = target.memory;
  const { name, estimate, rules, flash: timing, ram } = target.cycleModel;
  return machineOf(target).cycleModel({
    name,
    estimate,
    rules,
    flash: { ...timing, start: flash.origin, end: flash.origin + flash.length },
    ram,
  });
}
