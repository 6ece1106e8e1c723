/** What segregated fit does with a freed block beside merging it at once, and how it links it. */
import type { Report } from "../../config/report.js";
import { parseSize, showBytes } from "../../config/sizes.js";
import { diagnose } from "../../diagnostics.js";
import { bytes } from "../../units.js";
import type { SegregatedFitInput } from "./schema.js";
import type { QuickListsConfig, SegregatedFitConfig } from "./types.js";

/** Only what is not the default has a key. */
export function resolveDeferred(
  { coalesce, quickLists, links }: SegregatedFitInput,
  report: Report,
): Pick<SegregatedFitConfig, "coalesce" | "quickLists" | "links"> {
  return {
    ...(coalesce === "deferred" ? { coalesce } : {}),
    ...(links === "address" ? { links } : {}),
    ...(quickLists === undefined ? {} : { quickLists: resolveQuickLists(quickLists, report) }),
  };
}

/** Each size has a list in the control data, and each is looked at where all are emptied. */
const largestUpTo = 1024;

function resolveQuickLists(
  { upTo, most = 32 }: NonNullable<SegregatedFitInput["quickLists"]>,
  report: Report,
): QuickListsConfig {
  const size = (upTo === undefined ? undefined : parseSize(upTo)) ?? bytes(128);
  if (size < 1 || size > largestUpTo) {
    const parameters = { found: showBytes(size), allowed: `1 byte to ${showBytes(largestUpTo)}` };
    report(diagnose("invalid-value", parameters, { path: ["policy", "quickLists", "upTo"] }));
  }
  return { upTo: size, most };
}
