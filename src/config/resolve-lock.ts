/** The `lock` of a config. Whether the core has the mask is the plan's to say. */
import { diagnose } from "../diagnostics.js";
import { interruptMask } from "../machine/registry.js";
import { showValue } from "../suggest.js";
import type { Lock } from "./config.js";
import { isHeaderName } from "./identifiers.js";
import type { Report } from "./report.js";
import type { ConfigInput } from "./schema.js";

export function resolveLock(lock: ConfigInput["lock"], name: string, report: Report): Lock {
  const written = typeof lock === "object" ? lock : { kind: lock ?? "none" };
  if (written.kind === "none") return { kind: "none" };
  if (written.kind === "custom") {
    const header = ("header" in written ? written.header : undefined) ?? `${name}_lock.h`;
    if (!isHeaderName(header) || header === `${name}.h`) {
      const allowed = `a header name, such as "${name}_lock.h"`;
      report(diagnose("invalid-value", { found: showValue(header), allowed }, { path: ["lock", "header"] }));
    }
    return { kind: "custom", header };
  }
  const { priority } = interruptMask(written.kind);
  if (priority === undefined) return { kind: written.kind };
  if ("priority" in written && typeof written.priority === "number")
    return { kind: written.kind, priority: written.priority };
  if (typeof lock === "string") {
    const parameters = { found: showValue(lock), reason: priority.missing };
    report(diagnose("conflict", parameters, { path: ["lock"] }));
  }
  return { kind: "none" };
}
