/** `alloc-gen targets`: what can be generated for. */
import { autoTable } from "../../report/table.js";
import { describeModel } from "../../report/report.js";
import { listTargets, loadTarget } from "../../targets/load.js";
import type { RunCommand } from "../commands.js";

export const targets: RunCommand = (given, surroundings) => {
  const known = listTargets().map(loadTarget);
  if (given.json) {
    const rows = known.map(({ name, description, architecture, cycleModel }) => ({
      name,
      description,
      architecture,
      cycleModel: cycleModel.name,
      estimate: cycleModel.estimate,
    }));
    surroundings.out(`${JSON.stringify({ version: 1, targets: rows }, undefined, 2)}\n`);
  } else {
    const rows = known.map((target) => [target.name, target.description, `cycles: ${describeModel(target)}`]);
    surroundings.out(`${autoTable(["left", "left", "left"], rows).join("\n")}\n`);
  }
  return Promise.resolve(0);
};
