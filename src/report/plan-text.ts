/** What `alloc-gen explain` prints, for people and for programs. */
import { drawHeader } from "../header/draw.js";
import { headerJson } from "../header/json.js";
import { drawMemoryMap, type explainChoices } from "../plan/draw.js";
import type { Plan } from "../plan/plan.js";
import type { Format } from "./format.js";
import { plainJson } from "./formats/json.js";
import { fitTable } from "./fit-table.js";
import { reportWidth } from "./table.js";

export interface PlanReport {
  readonly version: 1;
  readonly plan: Plan;
  /** Each with its price. */
  readonly choices: ReturnType<typeof explainChoices>;
}

/** What the policy does is no number of the plan. */
export const planJson: Format<PlanReport> = {
  print: (report) =>
    plainJson.print({
      ...report,
      plan: { ...report.plan, header: headerJson(report.plan.header), rules: undefined },
    }),
};

export const planText: Format<PlanReport> = {
  print: ({ plan, choices }, width = reportWidth) =>
    `${[drawMemoryMap(plan), drawHeader(plan.header), costs(choices, Math.min(width, reportWidth))].join("\n\n")}\n`,
};

/** A choice and its cost a row; a long cost goes on below itself. */
function costs(choices: PlanReport["choices"], width: number): string {
  const rows = choices.map(({ choice, costs: cost }) => [choice, cost]);
  return fitTable({ aligns: ["left", "left"] }, rows, width).join("\n");
}
