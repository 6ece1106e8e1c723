/** What a second engine executed too, in a sentence for people. */
import type { Witnessed, WitnessedShare } from "../verify/verification.js";
import { formatCount } from "./table.js";

export function witnessedText({ by, reason, workloads, directed, calls, boundaries }: Witnessed): string {
  if (by === undefined) return `by no other engine: ${reason ?? "none was asked"}`;
  return `by ${by}: ${[
    `${shareText(workloads)} operations of the workloads, every path among them`,
    `${shareText(directed)} directed ones`,
    `${shareText(calls)} calls`,
    ...(boundaries === undefined ? [] : [`${shareText(boundaries)} boundaries of interrupts`]),
  ].join(", ")}`;
}

/** "2,048 of 20,000", "all 300" */
const shareText = ({ witnessed, of }: WitnessedShare): string =>
  witnessed === of ? `all ${formatCount(of)}` : `${formatCount(witnessed)} of ${formatCount(of)}`;
