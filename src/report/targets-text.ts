/** What `alloc-gen targets` prints, for people. */
import { describeModel } from "./describe-model.js";
import type { Format } from "./format.js";
import { fitTable } from "./fit-table.js";
import { reportWidth } from "./table.js";

export interface TargetsReport {
  readonly version: 1;
  readonly targets: readonly {
    readonly name: string;
    readonly description: string;
    readonly architecture: string;
    readonly cycleModel: string;
    /** Whether the cycle model is one, for want of published timing. */
    readonly estimate: boolean;
  }[];
}

export const targetsText: Format<TargetsReport> = {
  print: ({ targets }, width = reportWidth) => {
    const rows = targets.map(({ name, description, cycleModel, estimate }) => [
      name,
      description,
      `cycles: ${describeModel({ cycleModel: { name: cycleModel, estimate } })}`,
    ]);
    return `${fitTable({ aligns: ["left", "left", "left"] }, rows, width).join("\n")}\n`;
  },
};
