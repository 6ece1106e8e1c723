/** Defaults, the preset, and what the written values mean. */
import type { Report } from "../../config/report.js";
import { diagnose } from "../../diagnostics.js";
import { bytes, type Bytes } from "../../units.js";
import { showValue } from "../../suggest.js";
import type { HeaderPreset } from "../../header/resolve.js";
import { resolveSmallBelow } from "../resolve-sizes.js";
import type { SequentialFitInput } from "./schema.js";
import type { SequentialFitConfig } from "./types.js";

const defaults: SequentialFitConfig = {
  kind: "sequential-fit",
  fit: "first",
  ties: "list",
  order: "address",
  split: "low",
  smallBelow: bytes(512),
  wilderness: "last",
  coalesce: "immediate",
};

/** The design the project began with: wilderness first, freed blocks in a side table in the order of freeing. */
const seedPreset: SequentialFitConfig = {
  kind: "sequential-fit",
  fit: "first",
  ties: "list",
  order: "fifo",
  split: "low",
  smallBelow: bytes(512),
  wilderness: "first",
  coalesce: "list-neighbours",
};

export function resolve(policy: SequentialFitInput, _alignment: Bytes, report: Report): SequentialFitConfig {
  if (policy.preset === undefined) return withDefaults(policy, report);
  for (const key of ["fit", "ties", "order", "split", "wilderness", "coalesce"] as const) {
    const written = policy[key];
    if (written === undefined || written === seedPreset[key]) continue;
    const reason = `preset "${policy.preset}" has ${showValue(seedPreset[key])}`;
    report(diagnose("conflict", { found: showValue(written), reason }, { path: ["policy", key] }));
  }
  return seedPreset;
}

function withDefaults(policy: SequentialFitInput, report: Report): SequentialFitConfig {
  const { fit = defaults.fit, ties = defaults.ties, split = defaults.split } = policy;
  if (ties !== "list" && (fit === "first" || fit === "next")) {
    const reason = `fit "${fit}" takes the first block in the list that is large enough`;
    report(diagnose("conflict", { found: showValue(ties), reason }, { path: ["policy", "ties"] }));
  }
  return {
    kind: policy.kind,
    fit,
    ties,
    order: policy.order ?? defaults.order,
    split,
    smallBelow:
      resolveSmallBelow(policy.smallBelow, split, ["two-ended", "by-neighbour"], report) ??
      (split === "by-neighbour" ? bytes(160) : defaults.smallBelow),
    wilderness: policy.wilderness ?? defaults.wilderness,
    coalesce: policy.coalesce ?? defaults.coalesce,
  };
}

/** The preset is a side table of slots; nothing else says where links are. */
export const headerPreset = ({ preset }: SequentialFitInput): HeaderPreset | undefined =>
  preset === undefined ? undefined : { name: preset, linksPlace: "slots" };
