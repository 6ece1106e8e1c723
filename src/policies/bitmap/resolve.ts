/** Defaults, and what the written values mean. */
import type { Report } from "../../config/report.js";
import type { Bytes } from "../../units.js";
import { resolveGranule } from "../resolve-sizes.js";
import type { BitmapInput } from "./schema.js";
import type { BitmapConfig } from "./types.js";

export const resolve = ({ kind, granule }: BitmapInput, alignment: Bytes, report: Report): BitmapConfig => ({
  kind,
  granule: resolveGranule(granule, alignment, "granule", alignment, report),
});
