/** What `alloc-gen trace import` says when it is done. */
import type { Diagnostic } from "../diagnostics.js";
import { describeTrace } from "../traces/describe.js";
import type { ImportedTrace } from "../traces/import/import-trace.js";
import { formatCount } from "./table.js";

/** @param file as it was named */
export function importSummary({ trace, format, faultCounts, lost }: ImportedTrace, file: string): string {
  const { operations, peak, left, failed } = describeTrace(trace);
  const found = [...faultCounts].map(([code, count]) => `  ${kinds[code] ?? code}: ${formatCount(count)}`);
  return [
    `imported ${formatCount(operations)} operations from ${file} (${format}): peak ${formatCount(peak.bytes)} bytes in ${formatCount(peak.blocks)} blocks, ${formatCount(left.bytes)} bytes in ${formatCount(left.blocks)} blocks left; requests that failed: ${formatCount(failed.count)}, events lost: ${formatCount(lost)}`,
    ...(found.length === 0 ? [] : ["what cannot be:", ...found]),
    "",
  ].join("\n");
}

const kinds: Readonly<Partial<Record<Diagnostic["code"], string>>> = {
  "import-free-unknown": "frees of addresses that were never seen",
  "import-free-twice": "frees of addresses that were freed before",
  "import-free-inside": "frees of addresses inside a block",
  "import-live": "allocations at the address of a live block",
  "import-overlap": "allocations over a live block",
  "import-realloc-unknown": "reallocs of addresses that are not live",
  "import-size": "sizes that are too large for a trace",
  "import-restart": "starts of the device",
  "import-lost": "places where events are lost",
  "import-unreadable": "places that cannot be read",
};
