/** Defaults, presets, and what the written values mean. */
import type { Report } from "../../config/report.js";
import { diagnose } from "../../diagnostics.js";
import { boundaryBits, type BoundaryChoice } from "../../header/boundary-tag.js";
import { bytes, type Bytes } from "../../units.js";
import { showValue } from "../../suggest.js";
import { resolveSmallBelow } from "../resolve-sizes.js";
import { resolveDeferred } from "./resolve-deferred.js";
import { longGranules } from "./bits/long.js";
import type { SegregatedFitInput } from "./schema.js";
import type { SegregatedFitConfig } from "./types.js";

const lowEnd = { split: "low", smallBelow: bytes(512) } as const;

/** Two-level segregated fit (Masmano et al. 2004) and half-fit (Ogasawara 1995): neither looks at a block's size. */
const presets = {
  tlsf: { kind: "segregated-fit", subdivisions: 32, probe: false, ...lowEnd },
  "half-fit": { kind: "segregated-fit", subdivisions: 1, probe: false, ...lowEnd },
} as const satisfies Record<string, SegregatedFitConfig>;

const defaults: SegregatedFitConfig = {
  kind: "segregated-fit",
  subdivisions: 2,
  probe: true,
  split: "two-ended",
  smallBelow: bytes(512),
};

export function resolve(
  policy: SegregatedFitInput,
  alignment: Bytes,
  report: Report,
  boundaryTag: BoundaryChoice,
): SegregatedFitConfig {
  const { kind, preset } = policy;
  // What has its size in the bits of its granules anyway goes to the low end: one comparison tells both.
  const smallBelow = boundaryTag === boundaryBits ? bytes(longGranules * alignment) : defaults.smallBelow;
  if (preset === undefined) {
    const { split = defaults.split } = policy;
    return {
      kind,
      subdivisions: policy.subdivisions ?? defaults.subdivisions,
      probe: policy.probe ?? defaults.probe,
      split,
      smallBelow: resolveSmallBelow(policy.smallBelow, split, ["two-ended"], report) ?? smallBelow,
      ...resolveDeferred(policy, report),
    };
  }
  const named = presets[preset];
  resolveSmallBelow(policy.smallBelow, named.split, ["two-ended"], report);
  for (const key of ["subdivisions", "probe", "split"] as const) {
    const written = policy[key];
    if (written === undefined || written === named[key]) continue;
    const reason = `preset "${preset}" has ${showValue(named[key])}`;
    report(diagnose("conflict", { found: showValue(written), reason }, { path: ["policy", key] }));
  }
  return { ...named, ...resolveDeferred(policy, report) };
}
