/** The `init` of a config: who makes the heap empty before it serves. */
import { diagnose } from "../diagnostics.js";
import { readyBeforeMain, type GlueChoice } from "../outputs/glue/config.js";
import { showValue } from "../suggest.js";
import type { Config, Placement } from "./config.js";
import type { Report } from "./report.js";
import type { InitMode } from "./vocabulary.js";

/**
 * Left out: explicit; lazy where an output must serve before main. A constructor costs requests nothing, but is called
 * only by start-up code that knows of constructors, and after what allocates still earlier: so lazy is the safe default.
 */
export function resolveInit(
  written: InitMode | undefined,
  placement: Placement,
  outputs: readonly GlueChoice[],
  report: Report,
): Pick<Config, "init"> {
  const early = outputs.find(readyBeforeMain);
  const conflict = (reason: string): void =>
    report(diagnose("conflict", { found: showValue(written), reason }, { path: ["init"] }));
  if (placement.kind === "runtime") {
    if (written !== undefined && written !== "explicit")
      conflict(
        'init must be told where the heap lies (placement is "runtime"): only the program can call it',
      );
    return {};
  }
  if (written === "explicit" && early !== undefined) {
    conflict(
      `the output ${showValue(early.kind)} must serve requests before main: "lazy" or "constructor" does not wait for the program`,
    );
  }
  const mode = written ?? (early === undefined ? "explicit" : "lazy");
  return mode === "explicit" ? {} : { init: mode };
}
