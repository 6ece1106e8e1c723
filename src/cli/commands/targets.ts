/** `alloc-gen targets`: what can be generated for. */
import { listTargets, loadTarget } from "../../targets/load.js";
import type { Run } from "../commands.js";

export const targets: Run<"targets"> = async (_given, _context, output) => {
  const known = listTargets().map(loadTarget);
  await output.print({
    version: 1,
    targets: known.map(({ name, description, architecture, cycleModel }) => ({
      ...{ name, description, architecture },
      cycleModel: cycleModel.name,
      estimate: cycleModel.estimate,
    })),
  });
  return 0;
};
