/** Sizes that several policies' configs have. */
import type { Report } from "../config/report.js";
import { parseSize, showBytes } from "../config/sizes.js";
import { diagnose } from "../diagnostics.js";
import { isPowerOfTwo, type Bytes } from "../units.js";
import { showValue } from "../suggest.js";

/**
 * What block sizes are counted in: a power of two that keeps payloads aligned.
 * @param automatic bytes where nothing, or nothing sensible, is written
 * @param key of the policy's config
 */
export function resolveGranule(
  written: number | string | undefined,
  automatic: Bytes,
  key: string,
  alignment: Bytes,
  report: Report,
): Bytes {
  const size = written === undefined ? automatic : (parseSize(written) ?? automatic);
  if (isPowerOfTwo(size) && size >= alignment && size <= largestGranule) return size;
  const allowed = `a power of two from ${alignment} to ${largestGranule}`;
  report(diagnose("invalid-value", { found: showBytes(size), allowed }, { path: ["policy", key] }));
  return automatic;
}

const largestGranule = 4096;

/** The limit of small requests, which some ways to split alone ask for. */
export function resolveSmallBelow(
  written: number | string | undefined,
  split: string,
  splitsThatAsk: readonly string[],
  report: Report,
): Bytes | undefined {
  const size = written === undefined ? undefined : parseSize(written);
  if (size === undefined || splitsThatAsk.includes(split)) return size;
  const reason = `small requests differ from others only where policy.split is ${splitsThatAsk.map(showValue).join(" or ")}`;
  report(diagnose("conflict", { found: showBytes(size), reason }, { path: ["policy", "smallBelow"] }));
  return undefined;
}
