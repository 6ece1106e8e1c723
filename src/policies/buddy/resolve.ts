/** Defaults, and what the written values mean. */
import type { Report } from "../../config/report.js";
import { bytes, type Bytes } from "../../units.js";
import { resolveGranule } from "../resolve-sizes.js";
import type { BuddyInput } from "./schema.js";
import type { BuddyConfig } from "./types.js";

/** Bytes of the smallest block, where the alignment is not more. */
const defaultSmallest = 16;

export function resolve({ kind, smallest }: BuddyInput, alignment: Bytes, report: Report): BuddyConfig {
  const natural = bytes(Math.max(alignment, defaultSmallest));
  return { kind, smallest: resolveGranule(smallest, natural, "smallest", alignment, report) };
}
