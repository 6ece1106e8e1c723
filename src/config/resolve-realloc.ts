/** The key `api.realloc`: whether there is the function, and what is asked of how it moves blocks. */
import type { z } from "zod";
import type { Config, Lock, ReallocRules } from "./config.js";
import type { reallocSchema } from "./realloc-schema.js";
import type { Report } from "./report.js";
import { diagnose, type Diagnostic } from "../diagnostics.js";
import { bytes } from "../units.js";

type Written = z.infer<typeof reallocSchema> | undefined;

/** What is asked of realloc beyond its being there; no key where nothing is. */
export function resolveRealloc(written: Written, lock: Lock, report: Report): Pick<Config, "realloc"> {
  if (written === undefined || typeof written === "boolean") return {};
  const { keepAlignment, copyUnlocked = false } = written;
  if (copyUnlocked && lock.kind === "none") {
    const reason = 'without a lock nothing is copied under one (lock is "none")';
    report(diagnose("conflict", { found: "true", reason }, { path: ["api", "realloc", "copyUnlocked"] }));
  }
  if (keepAlignment === undefined && !copyUnlocked) return {};
  return {
    realloc: {
      ...(keepAlignment === undefined ? {} : { keepAlignment: bytes(keepAlignment) }),
      ...(copyUnlocked ? { copyUnlocked: true } : {}),
    },
  };
}

/**
 * Whether blocks may have the alignments that realloc is to keep.
 * @param most the largest of an aligned allocation
 */
export function refusedAlignment(
  { alignedAlloc, realloc }: { readonly alignedAlloc: boolean; readonly realloc: ReallocRules },
  { alignment, most }: { readonly alignment: number; readonly most: number },
): readonly Diagnostic[] {
  const { keepAlignment } = realloc;
  if (keepAlignment === undefined) return [];
  const path = ["api", "realloc", "keepAlignment"];
  const found = String(keepAlignment);
  if (!alignedAlloc) {
    const reason = "without alignedAlloc no block has a larger alignment than heap.alignment";
    return [diagnose("conflict", { found, reason }, { path })];
  }
  const isPower = Number.isInteger(Math.log2(keepAlignment));
  if (isPower && keepAlignment > alignment && keepAlignment <= most) return [];
  const allowed = `a power of two from ${2 * alignment} to ${most}, the largest that aligned_alloc serves`;
  return [diagnose("invalid-value", { found, allowed }, { path })];
}
