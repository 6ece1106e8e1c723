/** Which functions beside malloc and free the config asks for in vain. */
import { apiNames } from "../config/vocabulary.js";
import type { Config } from "../config/config.js";
import { diagnose, type Diagnostic } from "../diagnostics.js";
import { showValue } from "../suggest.js";
import type { PlanningPolicy } from "./policy-part.js";

/** The functions the config asks for and its policy does not give. */
export function refusedFunctions(policy: PlanningPolicy, config: Config): readonly Diagnostic[] {
  const refused = policy.refusedFunctions(config);
  return apiNames.flatMap((name) => {
    const reason = refused[name];
    if (!config.api[name] || reason === undefined) return [];
    const by = config.neededBy[name];
    if (by !== undefined) {
      const parameters = { found: showValue(by), reason: `it calls ${name}: ${reason}` };
      return [diagnose("conflict", parameters, { path: ["outputs"] })];
    }
    return [diagnose("conflict", { found: "true", reason }, { path: ["api", name] })];
  });
}
