/** `alloc-gen explain`: the plan, drawn, and the price of each choice. */
import { drawHeader, drawMemoryMap, explainChoices } from "../../plan/draw.js";
import { autoTable, wrap } from "../../report/table.js";
import { reportWidth } from "../../report/text.js";
import type { RunCommand } from "../commands.js";
import { findConfig } from "../config-path.js";
import { projectOptions } from "./main-job.js";

export const explain: RunCommand = async (given, surroundings) => {
  const { prepare } = await surroundings.pipeline();
  const { plan } = prepare(findConfig(given.config, surroundings.folder), projectOptions(given));
  const choices = explainChoices(plan);
  if (given.json) {
    // What the policy does is no number of the plan.
    const numbers = { ...plan, rules: undefined };
    surroundings.out(`${JSON.stringify({ version: 1, plan: numbers, choices }, undefined, 2)}\n`);
    return 0;
  }
  const sections = [drawMemoryMap(plan), drawHeader(plan), costs(choices)];
  surroundings.out(`${sections.join("\n\n")}\n`);
  return 0;
};

/** A choice and its cost a row; a long cost goes on below itself. */
function costs(choices: ReturnType<typeof explainChoices>): string {
  const left = Math.max(0, ...choices.map(({ choice }) => choice.length));
  const rows = choices.flatMap(({ choice, costs: cost }) =>
    wrap(cost, Math.max(20, reportWidth - left - 2)).map((line, index) => [index === 0 ? choice : "", line]),
  );
  return autoTable(["left", "left"], rows).join("\n");
}
