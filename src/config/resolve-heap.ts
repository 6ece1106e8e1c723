/** The `heap` of a config: size, alignment, and where the bytes come from. */
import { diagnose, type ConfigPath } from "../diagnostics.js";
import { bytes, type Bytes } from "../units.js";
import { showValue } from "../suggest.js";
import type { Config, Placement } from "./config.js";
import { isSectionName, sectionFault, symbolFault } from "./identifiers.js";
import type { ConfigDraft } from "./draft.js";
import type { Report } from "./report.js";
import { parseSize, showBytes } from "./sizes.js";

export const smallestHeap = 256;
export const largestHeap = 64 * 1024 * 1024;
const alignments: readonly number[] = [4, 8, 16, 32, 64];
const defaultAlignment = 8;

type HeapDraft = NonNullable<ConfigDraft["heap"]>;

export function resolveHeap(heap: HeapDraft, name: string, report: Report): Config["heap"] {
  const cacheLine = resolveCacheLine(heap.cacheLine, report);
  const alignment = resolveAlignment(heap.alignment ?? cacheLine, report);
  if (cacheLine !== undefined && alignment < cacheLine) {
    const reason = `payloads that begin at multiples of ${alignment} share lines: left out, it is the line's size`;
    report(diagnose("conflict", { found: String(alignment), reason }, { path: ["heap", "alignment"] }));
  }
  const isUpTo = typeof heap.size === "object";
  const size = resolveHeapSize(typeof heap.size === "object" ? heap.size.upTo : heap.size, alignment, report);
  const placement = resolvePlacement(heap, name, report);
  if (isUpTo && placement.kind === "static") {
    const reason =
      'an array has its size when it is compiled: "placement" must be "linker" or "runtime", where init finds out';
    report(diagnose("conflict", { found: showValue(heap.size), reason }, { path: ["heap", "size"] }));
  }
  return {
    size,
    ...(isUpTo ? { upTo: true } : {}),
    alignment,
    ...(cacheLine === undefined ? {} : { cacheLine }),
    placement,
  };
}

const cacheLines: readonly number[] = [16, 32, 64];

function resolveCacheLine(written: number | undefined, report: Report): Bytes | undefined {
  if (written === undefined || cacheLines.includes(written)) {
    return written === undefined ? undefined : bytes(written);
  }
  const parameters = { found: String(written), allowed: cacheLines.join(", ") };
  report(diagnose("invalid-value", parameters, { path: ["heap", "cacheLine"] }));
  return undefined;
}

function resolveAlignment(alignment: number | undefined, report: Report): Bytes {
  if (alignment === undefined || alignments.includes(alignment)) return bytes(alignment ?? defaultAlignment);
  const parameters = { found: String(alignment), allowed: alignments.join(", ") };
  report(diagnose("invalid-value", parameters, { path: ["heap", "alignment"] }));
  return bytes(defaultAlignment);
}

function resolveHeapSize(written: number | string | undefined, alignment: Bytes, report: Report): Bytes {
  const size = written === undefined ? undefined : parseSize(written);
  if (size === undefined) return bytes(largestHeap);
  const path = ["heap", "size"];
  const found = showBytes(size);
  if (size < smallestHeap || size > largestHeap) {
    const allowed = `${showBytes(smallestHeap)} to ${showBytes(largestHeap)}`;
    report(diagnose("invalid-value", { found, allowed }, { path }));
  } else if (size % alignment !== 0) {
    const below = showBytes(size - (size % alignment));
    const reason = `the heap's size must be a multiple of its alignment, ${alignment}; the next lower one is ${below}`;
    report(diagnose("conflict", { found, reason }, { path }));
  }
  return size;
}

/** Many instances lie where init is told, so that "runtime" need not be said with them. */
function resolvePlacement(heap: HeapDraft, name: string, report: Report): Placement {
  const { instances = "one", placement = instances === "many" ? "runtime" : "static" } = heap;
  const written = typeof placement === "string" ? { kind: placement } : placement;
  if (instances === "many") refuseMany(written.kind, report);
  switch (written.kind) {
    case "static": {
      const section = "section" in written ? written.section : undefined;
      refuseSection(section, report);
      return { kind: "static", ...(section === undefined ? {} : { section }) };
    }
    case "linker": {
      const start = "start" in written ? written.start : `${name}_start`;
      const end = "end" in written ? written.end : `${name}_end`;
      for (const [key, symbol] of [
        ["start", start],
        ["end", end],
      ] as const)
        refuseSymbol(symbol, ["heap", "placement", key], report);
      if (start === end) {
        const reason = "the start and end symbols must differ";
        const path = ["heap", "placement", "end"];
        report(diagnose("conflict", { found: showValue(end), reason }, { path }));
      }
      return { kind: "linker", start, end };
    }
    case "runtime":
      return { kind: "runtime", instances };
  }
}

function refuseMany(kind: Placement["kind"], report: Report): void {
  const path = ["heap", "instances"];
  if (kind !== "runtime") {
    const reason = `placement "${kind}" holds one heap: instances need memory passed to init ("runtime")`;
    report(diagnose("conflict", { found: '"many"', reason }, { path }));
  }
}

function refuseSection(section: string | undefined, report: Report): void {
  if (section === undefined) return;
  const path = ["heap", "placement", "section"];
  const found = showValue(section);
  if (!isSectionName(section)) {
    const allowed = 'a section name of letters, digits, "_", ".", "$" and "-", such as ".ccmram"';
    report(diagnose("invalid-value", { found, allowed }, { path }));
    return;
  }
  const reason = sectionFault(section);
  if (reason !== undefined) report(diagnose("conflict", { found, reason }, { path }));
}

/** Whether the C has the name already is found when the C is. */
function refuseSymbol(symbol: string, path: ConfigPath, report: Report): void {
  const reason = symbolFault(symbol);
  if (reason === undefined) return;
  report(diagnose("conflict", { found: showValue(symbol), reason }, { path }));
}
