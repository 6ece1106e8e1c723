/** Defaults, and what the written values mean. */
import type { Report } from "../../config/report.js";
import { parseSize, showBytes } from "../../config/sizes.js";
import { diagnose } from "../../diagnostics.js";
import { bytes, roundUp, type Bytes } from "../../units.js";
import type { PoolInput } from "./schema.js";
import type { PoolConfig } from "./types.js";

/** Classes by size, each size rounded up to the alignment. */
export function resolve(policy: PoolInput, alignment: Bytes, report: Report): PoolConfig {
  // What the schema refused is missing.
  const written = policy.classes as PoolInput["classes"] | undefined;
  const classes = (written ?? []).map(({ size, count }) => ({
    blockBytes: bytes(roundUp(parseSize(size) ?? alignment, alignment)),
    ...(count === undefined ? {} : { count }),
  }));
  const open = classes.flatMap(({ count }, index) => (count === undefined ? [index] : []));
  for (const [index, { blockBytes }] of classes.entries()) {
    const path = ["policy", "classes", index];
    const same = classes.findIndex((other) => other.blockBytes === blockBytes);
    if (blockBytes === 0) {
      const parameters = { found: "0 bytes", allowed: "1 byte or more" };
      report(diagnose("invalid-value", parameters, { path: [...path, "size"] }));
    } else if (same < index) {
      const reason = `class ${same + 1} of the list has blocks of that size too (the alignment is ${alignment})`;
      report(diagnose("conflict", { found: showBytes(blockBytes), reason }, { path: [...path, "size"] }));
    }
    if (open.indexOf(index) > 0) {
      const reason = `only one class may leave out its count, and class ${(open[0] ?? 0) + 1} of the list does too`;
      report(diagnose("conflict", { found: "no count", reason }, { path }));
    }
  }
  const { fallback = true, lazy = false, atomic = false } = policy;
  if (atomic && lazy) {
    const reason = "an atomic pool updates one word per class, and a lazy one needs a second";
    report(diagnose("conflict", { found: "true", reason }, { path: ["policy", "lazy"] }));
  }
  return {
    kind: "pool",
    classes: classes.sort((left, right) => left.blockBytes - right.blockBytes),
    fallback: fallback && classes.length > 1,
    lazy,
    atomic,
  };
}
