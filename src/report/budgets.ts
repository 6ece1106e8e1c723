/** The config's budgets held against what was measured. */
import type { Budgets, CycleLimits } from "../config/config.js";
import type { Source } from "../config/resolve-document.js";
import type { ConfigPath } from "../diagnostics.js";
import type { SizeReport } from "../toolchain/image.js";
import type { Verification } from "../verify/verification.js";
import { longestMaskingProven, type BoundReport, type InterruptMaskingReport } from "./proofs.js";

export interface BudgetResult {
  /** What is limited, with its unit: "malloc worst cycles", "flash bytes". */
  readonly what: string;
  readonly limit: number;
  readonly actual: number;
  readonly ok: boolean;
  /** Where the limit is set. */
  readonly place: Source;
}

const functionNames = ["malloc", "free"] as const;

/** What budgets are held against. */
export interface Measured {
  readonly size: SizeReport;
  readonly verification: Verification;
  readonly bounds: Readonly<Record<string, BoundReport>>;
  readonly interruptLatency: Readonly<Record<string, InterruptMaskingReport>> | undefined;
}

/**
 * Every budget the config sets, in a fixed order. The worst cycles are the largest of any call of any workload; the
 * mean is that of the workload where it is highest, so that an easy workload cannot hide a hard one.
 *
 * @param locate where a value of the config stands
 */
export function checkBudgets(
  budgets: Budgets,
  measured: Measured,
  locate: (path: ConfigPath) => Source,
): readonly BudgetResult[] {
  const { size, verification, interruptLatency = {} } = measured;
  const limits: readonly Limit[] = [
    ...functionNames.flatMap((name) => cycleLimits(name, budgets.cycles[name] ?? {}, measured)),
    // A function of which no bound is proven keeps no limit on it.
    {
      what: "interrupt latency cycles",
      key: ["interruptLatency"],
      limit: budgets.interruptLatency,
      actual: longestMaskingProven(interruptLatency),
    },
    { what: "flash bytes", key: ["flash"], limit: budgets.flash, actual: size.flashBytes },
    { what: "RAM bytes", key: ["ram"], limit: budgets.ram, actual: size.ramBytes },
    {
      what: "stack bytes",
      key: ["stack"],
      limit: budgets.stack,
      actual: Math.max(...Object.values(verification.stackBytes)),
    },
  ];
  return limits.flatMap(({ what, key, limit, actual }) =>
    limit === undefined
      ? []
      : [{ what, limit, actual, ok: actual <= limit, place: locate(["budgets", ...key]) }],
  );
}

interface Limit {
  readonly what: string;
  /** Below `budgets`. */
  readonly key: readonly string[];
  readonly limit: number | undefined;
  readonly actual: number;
}

function cycleLimits(
  name: (typeof functionNames)[number],
  limits: CycleLimits,
  { verification, bounds }: Measured,
): readonly Limit[] {
  const largest = (figure: "max" | "mean"): number =>
    Math.max(0, ...verification.workloads.map((workload) => workload[name].cycles[figure]));
  // A function without a proven bound keeps no limit on it.
  const actual = { worst: largest("max"), mean: largest("mean"), bound: bounds[name]?.cycles ?? Infinity };
  return (["worst", "mean", "bound"] as const).map((figure) => ({
    what: `${name} ${figure} cycles`,
    key: ["cycles", name, figure],
    limit: limits[figure],
    actual: actual[figure],
  }));
}
