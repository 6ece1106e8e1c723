/** Two classes to a doubling of the same ratio: what they need, and who may ask for them. */
import type { Config } from "../../config/config.js";
import type { Report } from "../../config/report.js";
import { diagnose, type Diagnostic } from "../../diagnostics.js";
import type { Target } from "../../targets/target.js";
import type { SegregatedFitInput } from "./schema.js";
import type { SegregatedFitConfig } from "./types.js";

/** Granules whose number has a square of 32 bits, and one more: the control data takes that. */
const mostGranules = 2 ** 16;

const conflict = (reason: string): Diagnostic =>
  diagnose("conflict", { found: '"geometric"', reason }, { path: ["policy", "spacing"] });

/** What the policy's other keys rule out is reported. */
export function resolveSpacing(
  { spacing, subdivisions = 2, probe = true }: SegregatedFitInput,
  report: Report,
): Pick<SegregatedFitConfig, "spacing"> {
  if (spacing !== "geometric") return {};
  if (subdivisions !== 2) report(conflict(`with ${subdivisions} subdivisions classes are linear`));
  if (!probe) report(conflict("without a probe the least size of a class is sought, which takes a root"));
  return { spacing };
}

/** Whether a core finds such classes in a heap. */
export const squaresFit = ({ heap }: Config, target: Target): boolean =>
  target.multiplies && heap.size <= mostGranules * heap.alignment;

/** What of the rest of the config, or of the core, rules them out. */
export function refuseSpacing(
  { spacing }: SegregatedFitConfig,
  config: Config,
  target: Target,
): readonly Diagnostic[] {
  if (spacing === undefined || squaresFit(config, target)) return [];
  const most = mostGranules * config.heap.alignment;
  return [
    conflict(
      target.multiplies
        ? `squares of sizes have 32 bits in heaps of up to ${most} bytes`
        : `${target.name} does not multiply`,
    ),
  ];
}
