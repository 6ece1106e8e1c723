/** Reports of several heaps and of the front over them. */
import type { FrontPlan } from "../front/front-plan.js";
import type { FrontProof } from "../front/prove-front.js";
import type { Report } from "./report.js";
import { formatCount } from "./table.js";

export interface FrontReport {
  readonly name: string;
  readonly ok: boolean;
  readonly operations: number;
  /** Requests served by each heap, in the order in which they are tried. */
  readonly served: readonly { readonly heap: string; readonly calls: number }[];
  /** Requests that a heap other than the first with the capabilities served. */
  readonly fellBack: number;
  /** Requests for capabilities that no heap has. */
  readonly incapable: number;
  /** Requests that no heap with the capabilities had room for. */
  readonly full: number;
  readonly mismatch?: { readonly operation: number; readonly message: string };
}

/** What `--json` prints of a config of several heaps. */
export interface SeveralReport {
  readonly version: 1;
  readonly ok: boolean;
  /** In the order of the config. */
  readonly heaps: readonly (Report & { readonly name: string })[];
  readonly front?: FrontReport;
}

export function reportFront(front: FrontPlan, proof: FrontProof): FrontReport {
  const { operations, served, fellBack, incapable, full, mismatch } = proof;
  return {
    name: front.name,
    ok: mismatch === undefined,
    operations,
    served: front.heaps.map(({ plan }, index) => ({ heap: plan.name, calls: served[index] ?? 0 })),
    ...{ fellBack, incapable, full },
    ...(mismatch === undefined ? {} : { mismatch }),
  };
}

/** Lines for people, without a final line break. */
export function frontText(report: FrontReport): string {
  const { name, operations, served, fellBack, incapable, full, mismatch } = report;
  const each = served.map(({ heap, calls }) => `${heap} ${formatCount(calls)}`).join(", ");
  return [
    `Front ${name}: ${formatCount(operations)} operations through ${name}_malloc_caps and ${name}_free`,
    `served    ${each}; ${formatCount(fellBack)} by another heap than the first that could`,
    `refused   ${formatCount(incapable)} for capabilities that no heap has, ${formatCount(full)} for want of room`,
    mismatch === undefined
      ? "OK: every address and all metadata of all heaps are as the reference says."
      : `FAILED: operation ${mismatch.operation}: ${mismatch.message}.`,
  ].join("\n");
}
