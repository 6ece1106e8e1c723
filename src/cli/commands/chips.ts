/** `alloc-gen chips`: which chips are known, and what of them. */
import { nearestChips, searchChips } from "../../chips/find.js";
import { allChips } from "../../chips/read.js";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import { reportChip, summarise } from "../../report/chips-report.js";
import { listTargets } from "../../targets/load.js";
import type { Run } from "../commands.js";

export const chips: Run<"chips"> = async ({ name }, _context, output) => {
  const targets = listTargets();
  if (name === undefined) {
    await output.print(summarise(allChips(), targets));
    return 0;
  }
  const found = searchChips(name, allChips());
  if (found.length === 0) {
    throw new AllocGenError(2, [diagnose("unknown-chip", { name, nearest: nearestChips(name, allChips()) })]);
  }
  await output.print({
    version: 1,
    name,
    chips: found.map((chip) => reportChip(chip, targets)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  });
  return 0;
};
