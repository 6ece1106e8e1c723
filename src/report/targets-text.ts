/** What `alloc-gen targets` prints, for people. */
import { describeModel } from "./describe-model.js";
import type { Format } from "./format.js";
import { autoTable } from "./table.js";

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
  print: ({ targets }) => {
    const rows = targets.map(({ name, description, cycleModel, estimate }) => [
      name,
      description,
      `cycles: ${describeModel({ cycleModel: { name: cycleModel, estimate } })}`,
    ]);
    return `${autoTable(["left", "left", "left"], rows).join("\n")}\n`;
  },
};
