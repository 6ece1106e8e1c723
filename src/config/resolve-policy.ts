/** The `policy` of a config. */
import { diagnose } from "../diagnostics.js";
import { bytes, type Bytes } from "../units.js";
import { showValue } from "../words.js";
import type { PolicyConfig, PolicyName, SegregatedFitConfig, SequentialFitConfig } from "./config.js";
import type { Report } from "./resolve.js";
import type { ConfigInput } from "./schema.js";
import { resolvePool } from "./resolve-pool.js";
import { parseSize, showBytes } from "./sizes.js";

type PolicyInput = ConfigInput["policy"];
type SequentialFitInput = Extract<PolicyInput, { kind: "sequential-fit" }>;
type SegregatedFitInput = Extract<PolicyInput, { kind: "segregated-fit" }>;

/** Policies that work end to end; the schema knows more. */
export const availablePolicies = [
  "sequential-fit",
  "segregated-fit",
  "bump",
  "pool",
] as const satisfies readonly PolicyName[];

const sequentialFitDefaults: SequentialFitConfig = {
  kind: "sequential-fit",
  fit: "first",
  order: "address",
  wilderness: "last",
  coalesce: "immediate",
};

/** The design the project began with: untouched space first, freed blocks in a side table in the order of freeing. */
const seedPreset: SequentialFitConfig = {
  kind: "sequential-fit",
  fit: "first",
  order: "fifo",
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
      return resolveSegregatedFit(policy, alignment, report);
    case "bump":
      return { kind: policy.kind, release: policy.release ?? "all" };
    case "pool":
      return resolvePool(policy, alignment, report);
    case "buddy":
    case "bitmap": {
      const allowed = availablePolicies.map(showValue).join(", ");
      const parameters = { what: `policy "${policy.kind}"`, allowed };
      report(diagnose("not-available", parameters, { path: ["policy", "kind"] }));
      return sequentialFitDefaults;
    }
  }
}

function resolveSequentialFit(policy: SequentialFitInput, report: Report): SequentialFitConfig {
  if (policy.preset === undefined) {
    const { fit, order, wilderness, coalesce } = sequentialFitDefaults;
    return {
      kind: policy.kind,
      fit: policy.fit ?? fit,
      order: policy.order ?? order,
      wilderness: policy.wilderness ?? wilderness,
      coalesce: policy.coalesce ?? coalesce,
    };
  }
  for (const key of ["fit", "order", "wilderness", "coalesce"] as const) {
    const written = policy[key];
    if (written === undefined || written === seedPreset[key]) continue;
    const reason = `preset "${policy.preset}" has ${showValue(seedPreset[key])}`;
    report(diagnose("conflict", { found: showValue(written), reason }, { path: ["policy", key] }));
  }
  return seedPreset;
}

const defaultExactBelow = 256;
const defaultSubdivisions = 8;

/**
 * Classes with a size each below `exactBelow`, `subdivisions` to a doubling above. A doubling that starts at
 * `exactBelow` has `exactBelow / alignment` sizes, so it cannot be cut into more classes than that. A value that is
 * not given follows the one that is.
 */
function resolveSegregatedFit(
  policy: SegregatedFitInput,
  alignment: Bytes,
  report: Report,
): SegregatedFitConfig {
  if (policy.preset !== undefined) {
    const parameters = { what: `preset "${policy.preset}"`, allowed: "no preset" };
    report(diagnose("not-available", parameters, { path: ["policy", "preset"] }));
  }
  const written = policy.exactBelow === undefined ? undefined : parseSize(policy.exactBelow);
  const exactBelow = written ?? bytes(Math.max(defaultExactBelow, (policy.subdivisions ?? 1) * alignment));
  const sizes = Math.floor(exactBelow / alignment);
  const subdivisions = policy.subdivisions ?? Math.max(1, Math.min(defaultSubdivisions, sizes));
  if (sizes < 1 || !isPowerOfTwo(exactBelow)) {
    const allowed = `a power of two, from the alignment (${alignment}) up`;
    const path = ["policy", "exactBelow"];
    report(diagnose("invalid-value", { found: showBytes(exactBelow), allowed }, { path }));
  } else if (subdivisions > sizes) {
    const reason = `${showBytes(exactBelow)} (exactBelow) at an alignment of ${alignment} can be cut into at most ${sizes}`;
    const path = ["policy", "subdivisions"];
    report(diagnose("conflict", { found: String(subdivisions), reason }, { path }));
  }
  return { kind: policy.kind, exactBelow, subdivisions, probe: policy.probe ?? true };
}

const isPowerOfTwo = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));
