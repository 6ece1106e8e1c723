/** The `policy` of a config. */
import { diagnose } from "../diagnostics.js";
import { bytes, type Bytes } from "../units.js";
import { showValue } from "../words.js";
import type { PolicyConfig } from "../policies/registry.js";
import type { SegregatedFitConfig } from "../policies/segregated-fit/types.js";
import type { SequentialFitConfig, Split } from "../policies/sequential-fit/types.js";
import type { Report } from "./resolve.js";
import type { ConfigInput } from "./schema.js";
import { parseSize, showBytes } from "./sizes.js";
import { resolvePool } from "./resolve-pool.js";
import { resolveKeeping } from "./resolve-keeping.js";

type PolicyInput = ConfigInput["policy"];
type SequentialFitInput = Extract<PolicyInput, { kind: "sequential-fit" }>;
type SegregatedFitInput = Extract<PolicyInput, { kind: "segregated-fit" }>;

/** All policies. */
export const availablePolicies = [
  "sequential-fit",
  "segregated-fit",
  "bump",
  "pool",
  "bitmap",
  "buddy",
] as const satisfies readonly PolicyConfig["kind"][];

const sequentialFitDefaults: SequentialFitConfig = {
  kind: "sequential-fit",
  fit: "first",
  ties: "list",
  order: "address",
  split: "low",
  smallBelow: bytes(512),
  wilderness: "last",
  coalesce: "immediate",
};

/** The design the project began with: untouched space first, freed blocks in a side table in the order of freeing. */
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

export function resolvePolicy(
  policy: PolicyInput | undefined,
  alignment: Bytes,
  report: Report,
): PolicyConfig {
  if (policy === undefined) return sequentialFitDefaults;
  switch (policy.kind) {
    case "sequential-fit":
      return resolveSequentialFit(policy, report);
    case "segregated-fit":
      return resolveSegregatedFit(policy, report);
    case "bump":
      return { kind: policy.kind, release: policy.release ?? "all" };
    case "pool":
      return resolvePool(policy, alignment, report);
    case "bitmap":
      return {
        kind: policy.kind,
        granule: resolveGranule(policy.granule, alignment, "granule", alignment, report),
      };
    case "buddy": {
      const natural = bytes(Math.max(alignment, defaultSmallest));
      return {
        kind: policy.kind,
        smallest: resolveGranule(policy.smallest, natural, "smallest", alignment, report),
      };
    }
  }
}

const defaultSmallest = 16;

/** What block sizes are counted in: a power of two that keeps payloads aligned. */
function resolveGranule(
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
const isPowerOfTwo = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));

function resolveSequentialFit(policy: SequentialFitInput, report: Report): SequentialFitConfig {
  if (policy.preset === undefined) return chosenSequentialFit(policy, report);
  for (const key of ["fit", "ties", "order", "split", "wilderness", "coalesce"] as const) {
    const written = policy[key];
    if (written === undefined || written === seedPreset[key]) continue;
    const reason = `preset "${policy.preset}" has ${showValue(seedPreset[key])}`;
    report(diagnose("conflict", { found: showValue(written), reason }, { path: ["policy", key] }));
  }
  return seedPreset;
}

const lowEnd = { split: "low", smallBelow: bytes(512) } as const;

/** Two-level segregated fit (Masmano et al. 2004) and half-fit (Ogasawara 1995): neither looks at a block's size. */
const segregatedPresets = {
  tlsf: { kind: "segregated-fit", subdivisions: 32, probe: false, ...lowEnd },
  "half-fit": { kind: "segregated-fit", subdivisions: 1, probe: false, ...lowEnd },
} as const satisfies Record<string, SegregatedFitConfig>;

const segregatedDefaults: SegregatedFitConfig = {
  kind: "segregated-fit",
  subdivisions: 2,
  probe: true,
  split: "two-ended",
  smallBelow: bytes(512),
};

function chosenSequentialFit(policy: SequentialFitInput, report: Report): SequentialFitConfig {
  const defaults = sequentialFitDefaults;
  const { fit = defaults.fit, ties = defaults.ties, split = defaults.split } = policy;
  if (ties !== "list" && (fit === "first" || fit === "next")) {
    const reason = `fit "${fit}" takes the first block of the list that is large enough`;
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

/** The limit of small requests, which some ways to split alone ask for. */
function resolveSmallBelow(
  written: number | string | undefined,
  split: Split,
  splitsThatAsk: readonly Split[],
  report: Report,
): Bytes | undefined {
  const size = written === undefined ? undefined : parseSize(written);
  if (size === undefined || splitsThatAsk.includes(split)) return size;
  const reason = `small requests are told apart only where policy.split is ${splitsThatAsk.map(showValue).join(" or ")}`;
  report(diagnose("conflict", { found: showBytes(size), reason }, { path: ["policy", "smallBelow"] }));
  return undefined;
}

function resolveSegregatedFit(policy: SegregatedFitInput, report: Report): SegregatedFitConfig {
  const { kind, preset } = policy;
  if (preset === undefined) {
    const { split = segregatedDefaults.split } = policy;
    return {
      kind,
      subdivisions: policy.subdivisions ?? segregatedDefaults.subdivisions,
      probe: policy.probe ?? segregatedDefaults.probe,
      split,
      smallBelow:
        resolveSmallBelow(policy.smallBelow, split, ["two-ended"], report) ?? segregatedDefaults.smallBelow,
      ...resolveKeeping(policy, report),
    };
  }
  const named = segregatedPresets[preset];
  resolveSmallBelow(policy.smallBelow, named.split, ["two-ended"], report);
  for (const key of ["subdivisions", "probe", "split"] as const) {
    const written = policy[key];
    if (written === undefined || written === named[key]) continue;
    const reason = `preset "${preset}" has ${showValue(named[key])}`;
    report(diagnose("conflict", { found: showValue(written), reason }, { path: ["policy", key] }));
  }
  return { ...named, ...resolveKeeping(policy, report) };
}
