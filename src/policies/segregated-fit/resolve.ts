/** Defaults, presets, and what the written values mean. */
import type { Report } from "../../config/report.js";
import { showBytes } from "../../config/sizes.js";
import { diagnose } from "../../diagnostics.js";
import { boundaryBits, type BoundaryChoice } from "../../header/boundary-tag.js";
import { bytes, type Bytes } from "../../units.js";
import { showValue } from "../../suggest.js";
import { resolveSmallBelow } from "../resolve-sizes.js";
import { resolveDeferred } from "./resolve-deferred.js";
import { longGranules } from "./bits/long.js";
import { resolveSpacing } from "./spacing.js";
import type { SegregatedFitInput } from "./schema.js";
import type { BoundaryForm, SegregatedFitConfig, SegregatedPreset } from "./types.js";

const defaults: SegregatedFitConfig = {
  kind: "segregated-fit",
  subdivisions: 2,
  probe: true,
  split: "two-ended",
  smallBelow: bytes(512),
};

const lowEnd = { split: "low", smallBelow: bytes(512) } as const;

/** Headers beat bits in cycles as long as sizes and links take one halfword as they are. */
const bitsAbove: BoundaryForm = { boundaryTag: boundaryBits, above: 64 * 1024, yields: true };
const bitsAlways: BoundaryForm = { boundaryTag: boundaryBits, above: 0, yields: false };

/**
 * The points of docs/policies.md; two-level segregated fit (Masmano et al. 2004) and half-fit (Ogasawara 1995), neither of
 * which looks at a block's size.
 */
const presets = {
  default: { ...defaults, preset: "default", form: bitsAbove },
  fast: {
    ...{ kind: "segregated-fit", preset: "fast", subdivisions: 1, probe: true, ...lowEnd },
    prefersAddresses: true,
  },
  frugal: { ...defaults, preset: "frugal", form: bitsAlways },
  tlsf: { kind: "segregated-fit", subdivisions: 32, probe: false, ...lowEnd },
  "half-fit": { kind: "segregated-fit", subdivisions: 1, probe: false, ...lowEnd },
} as const satisfies Record<SegregatedPreset, SegregatedFitConfig>;

export function resolve(
  policy: SegregatedFitInput,
  alignment: Bytes,
  report: Report,
  boundaryTag: BoundaryChoice,
): SegregatedFitConfig {
  const { kind, preset } = policy;
  if (preset !== undefined) return resolvePreset({ ...policy, preset }, alignment, report, boundaryTag);
  const smallBelow = boundaryTag === boundaryBits ? leastLong(alignment) : defaults.smallBelow;
  const { split = defaults.split } = policy;
  return {
    kind,
    subdivisions: policy.subdivisions ?? defaults.subdivisions,
    probe: policy.probe ?? defaults.probe,
    split,
    smallBelow: resolveSmallBelow(policy.smallBelow, split, ["two-ended"], report) ?? smallBelow,
    ...resolveSpacing(policy, report),
    ...resolveDeferred(policy, report),
  };
}

/** What has its size in the bits of its granules anyway goes to the low end: one comparison tells both. */
export const leastLong = (alignment: Bytes): Bytes => bytes(longGranules * alignment);

function resolvePreset(
  policy: SegregatedFitInput & { readonly preset: SegregatedPreset },
  alignment: Bytes,
  report: Report,
  boundaryTag: BoundaryChoice,
): SegregatedFitConfig {
  const { preset } = policy;
  const named: SegregatedFitConfig = presets[preset];
  const smallBelow = resolveSmallBelow(policy.smallBelow, named.split, ["two-ended"], report);
  if (smallBelow !== undefined && smallBelow !== named.smallBelow) {
    const reason = `preset "${preset}" decides it`;
    report(
      diagnose("conflict", { found: showBytes(smallBelow), reason }, { path: ["policy", "smallBelow"] }),
    );
  }
  for (const key of ["subdivisions", "probe", "split"] as const) {
    const written = policy[key];
    if (written === undefined || written === named[key]) continue;
    const reason = `preset "${preset}" has ${showValue(named[key])}`;
    report(diagnose("conflict", { found: showValue(written), reason }, { path: ["policy", key] }));
  }
  if (policy.spacing !== undefined) {
    const reason = `preset "${preset}" decides it`;
    report(
      diagnose("conflict", { found: showValue(policy.spacing), reason }, { path: ["policy", "spacing"] }),
    );
  }
  if (policy.links === "offset" && named.prefersAddresses === true) {
    const reason = `preset "${preset}" has "address"`;
    report(diagnose("conflict", { found: '"offset"', reason }, { path: ["policy", "links"] }));
  }
  const { form } = named;
  if (form !== undefined && !form.yields && boundaryTag !== "auto" && boundaryTag !== form.boundaryTag) {
    const reason = `preset "${preset}" has ${showValue(form.boundaryTag)}`;
    report(
      diagnose("conflict", { found: showValue(boundaryTag), reason }, { path: ["header", "boundaryTag"] }),
    );
  }
  const bits = named.split === "two-ended" && boundaryTag === boundaryBits;
  return {
    ...named,
    ...(bits ? { smallBelow: leastLong(alignment) } : {}),
    ...resolveDeferred(policy, report),
  };
}
