/** The targets that tests are run for: what targets/ holds. A new one is picked up by itself. */
import { AllocGenError } from "../../src/diagnostics.js";
import { machineOf } from "../../src/machine/registry.js";
import { makePlan } from "../../src/policies/make-plan.js";
import { listTargets, loadTarget } from "../../src/targets/load.js";
import type { Target } from "../../src/targets/target.js";
import { testConfig, type TestConfig } from "./configs.js";

const targets: readonly Target[] = listTargets().map(loadTarget);

export const targetNames: readonly string[] = targets.map(({ name }) => name);

/** Those of Arm's: for tests that are written in its assembly. */
export const armTargets: readonly string[] = targets
  .filter((target) => machineOf(target).name === "arm")
  .map(({ name }) => name);

/**
 * One for each set of rules that prices instructions, one with published timing where there is any: for what is the same
 * on all cores with these rules.
 */
export const ruleTargets: readonly string[] = targets
  .filter(({ name, cycleModel }) => name === firstWith(cycleModel.rules))
  .map(({ name }) => name);

function firstWith(rules: Target["cycleModel"]["rules"]): string | undefined {
  const alike = targets.filter(({ cycleModel }) => cycleModel.rules === rules);
  return (alike.find(({ cycleModel }) => !cycleModel.estimate) ?? alike[0])?.name;
}

/** Cores that access single words anywhere, and others by LDRD, LDM and LDREX at multiples of 4 only. */
export const unalignedTargets: readonly string[] = targets
  .filter(({ unalignedAccess }) => unalignedAccess)
  .map(({ name }) => name);

/** Whether the config can be had: a pool without locks is refused where the core has no exclusive accesses. */
export function isAccepted(test: TestConfig): boolean {
  const config = testConfig(test);
  try {
    makePlan(config, loadTarget(config.target));
    return true;
  } catch (error) {
    if (error instanceof AllocGenError) return false;
    throw error;
  }
}
