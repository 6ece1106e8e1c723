/** Which functions each policy can give beside malloc and free, and why not the others. */
import { apiNames } from "../config/schema.js";
import type { ApiName, Config, PolicyName } from "../config/config.js";
import { diagnose, type Diagnostic } from "../diagnostics.js";

/** Why a function is not generated; functions that are not named are. */
type Refusals = Readonly<Partial<Record<ApiName, string>>>;

const notYet = "it is not available with this policy in this version";
const laterAll = Object.fromEntries(
  apiNames.filter((name) => name !== "calloc").map((name) => [name, notYet]),
) as Refusals;

const refusals: Readonly<Partial<Record<PolicyName, Refusals>>> = {
  "sequential-fit": {},
  "segregated-fit": {},
};

/** The functions the config asks for and its policy does not give. */
export function refusedFunctions({ policy, api }: Config): readonly Diagnostic[] {
  const refused = refusals[policy.kind] ?? laterAll;
  return apiNames.flatMap((name) => {
    const reason = refused[name];
    if (!api[name] || reason === undefined) return [];
    return [diagnose("conflict", { found: "true", reason }, { path: ["api", name] })];
  });
}
