/** The `lock` of a config. Whether the core has the mask is the plan's to say. */
import { diagnose } from "../diagnostics.js";
import { showValue } from "../words.js";
import type { Lock } from "./config.js";
import { isHeaderName } from "./identifiers.js";
import type { Report } from "./report.js";
import type { ConfigInput } from "./schema.js";

export function resolveLock(lock: ConfigInput["lock"], name: string, report: Report): Lock {
  const written = typeof lock === "object" ? lock : { kind: lock ?? "none" };
  switch (written.kind) {
    case "none":
    case "primask":
      return { kind: written.kind };
    case "basepri": {
      if ("priority" in written) return { kind: "basepri", priority: written.priority };
      const reason =
        'BASEPRI needs the priority from which on interrupts wait: { "kind": "basepri", "priority": 64 }';
      if (typeof lock === "string") {
        report(diagnose("conflict", { found: showValue(lock), reason }, { path: ["lock"] }));
      }
      return { kind: "none" };
    }
    case "custom": {
      const header = ("header" in written ? written.header : undefined) ?? `${name}_lock.h`;
      if (!isHeaderName(header) || header === `${name}.h`) {
        const allowed = `the name of a header of yours, such as "${name}_lock.h"`;
        report(
          diagnose("invalid-value", { found: showValue(header), allowed }, { path: ["lock", "header"] }),
        );
      }
      return { kind: "custom", header };
    }
  }
}
