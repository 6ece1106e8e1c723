/** The `hardening` of a config. Which tiers its policy has is the plan's to say. */
import type { z } from "zod";
import { diagnose } from "../diagnostics.js";
import { showValue } from "../suggest.js";
import type { Config } from "./config.js";
import type { hardeningSchema } from "./hardening-schema.js";
import { symbolFault } from "./identifiers.js";
import type { Report } from "./report.js";

type Written = z.infer<typeof hardeningSchema> | undefined;

/** No key where nothing is checked. */
export function resolveHardening(written: Written, report: Report): Pick<Config, "hardening"> {
  const { tier, hook } = typeof written === "object" ? written : { tier: written ?? "none", hook: undefined };
  const path = ["hardening", "hook"];
  const conflict = (reason: string): void =>
    report(diagnose("conflict", { found: showValue(hook), reason }, { path }));
  if (hook !== undefined) {
    const reason = symbolFault(hook);
    if (reason !== undefined) conflict(reason);
    else if (tier === "none") conflict('nothing calls it: tier is "none"');
  }
  if (tier === "none") return {};
  return { hardening: { tier, ...(hook === undefined ? {} : { hook }) } };
}
