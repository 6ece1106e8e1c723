/** Hardening that a config asks for: whether its policy has it, and what the plan says of it. */
import type { ApiName, Config } from "../config/config.js";
import { diagnose, type Diagnostic } from "../diagnostics.js";
import { quotedList, showValue } from "../suggest.js";
import type { Plan } from "./plan.js";
import type { PlanningPolicy } from "./policy-part.js";

const path = ["hardening"];

/** What is not built is refused by name, never ignored. */
export function refusedHardening(policy: PlanningPolicy, config: Config): readonly Diagnostic[] {
  if (config.hardening === undefined) return [];
  const { tier } = config.hardening;
  const { tiers, refusal, functions = [] } = policy.hardening(config);
  if (!tiers.includes(tier)) {
    const what = `hardening ${showValue(tier)} of ${showValue(config.policy.kind)}`;
    return [diagnose("not-available", { what, allowed: quotedList(["none", ...tiers]) }, { path })];
  }
  const reason = refusal ?? refusedFunction(config, functions) ?? refusedPlacement(config);
  return reason === undefined ? [] : [diagnose("conflict", { found: showValue(tier), reason }, { path })];
}

/** Functions that follow what a block says of itself, and do not check it yet. */
function refusedFunction({ api }: Config, checked: readonly ApiName[]): string | undefined {
  const names = ["realloc", "alignedAlloc", "usableSize", "largestRequest"] as const;
  const found = names.find((name) => api[name] && !checked.includes(name));
  return found === undefined ? undefined : `api.${found} has no checks in this version`;
}

function refusedPlacement({ heap: { placement, upTo } }: Config): string | undefined {
  if (upTo === true) return 'nothing checks where a heap ends whose size is "upTo"';
  return placement.kind === "runtime" && placement.instances === "many"
    ? "many instances have no checks in this version"
    : undefined;
}

export function hardeningOf(policy: PlanningPolicy, config: Config): Pick<Plan, "hardening"> {
  const { name, hardening } = config;
  if (hardening === undefined) return {};
  const { tier, hook } = hardening;
  const { evidence = "both-ways" } = policy.hardening(config);
  return { hardening: { evidence, tier, hook: hook ?? `${name}_fault`, isGiven: hook !== undefined } };
}
