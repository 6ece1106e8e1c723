/** The config's budgets held against what was measured. */
import type { Budgets, CycleLimits } from "../config/config.js";
import type { SizeReport } from "../toolchain/image.js";
import type { Verification } from "../verify/verification.js";
import { worstLatency } from "./latency.js";
import type { Report } from "./report.js";

export interface BudgetResult {
  /** What is limited, with its unit: "malloc worst cycles", "flash bytes". */
  readonly what: string;
  readonly limit: number;
  readonly actual: number;
  readonly ok: boolean;
}

const functionNames = ["malloc", "free"] as const;

/** What budgets are held against. */
export interface Measured {
  readonly size: SizeReport;
  readonly verification: Verification;
  readonly bounds: Report["bounds"];
  readonly interruptLatency: Report["interruptLatency"] | undefined;
}

/**
 * Every budget the config sets, in a fixed order. The worst cycles are the largest of any call of any workload; the
 * mean is that of the workload where it is highest, so that an easy workload cannot hide a hard one.
 */
export function checkBudgets(budgets: Budgets, measured: Measured): readonly BudgetResult[] {
  const { size, verification, interruptLatency = {} } = measured;
  return [
    ...functionNames.flatMap((name) => checkCycles(name, budgets.cycles[name] ?? {}, measured)),
    // A function of which no bound is proven keeps no limit on it.
    ...check("interrupt latency cycles", budgets.interruptLatency, worstLatency(interruptLatency)),
    ...check("flash bytes", budgets.flash, size.flashBytes),
    ...check("RAM bytes", budgets.ram, size.ramBytes),
    ...check("stack bytes", budgets.stack, Math.max(...Object.values(verification.stackBytes))),
  ];
}

function checkCycles(
  name: (typeof functionNames)[number],
  limits: CycleLimits,
  { verification, bounds }: Measured,
): readonly BudgetResult[] {
  const largest = (figure: "max" | "mean"): number =>
    Math.max(0, ...verification.workloads.map((workload) => workload[name].cycles[figure]));
  return [
    ...check(`${name} worst cycles`, limits.worst, largest("max")),
    ...check(`${name} mean cycles`, limits.mean, largest("mean")),
    // A function without a proven bound keeps no limit on it.
    ...check(`${name} bound cycles`, limits.bound, bounds[name]?.cycles ?? Infinity),
  ];
}

function check(what: string, limit: number | undefined, actual: number): readonly BudgetResult[] {
  return limit === undefined ? [] : [{ what, limit, actual, ok: actual <= limit }];
}
