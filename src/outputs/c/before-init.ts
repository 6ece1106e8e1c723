/** How the C tells that its heap is not initialised yet, and what its functions do then. */
import type { HeapGuard } from "../../csource/guard-heap.js";
import { piece, type Piece } from "../../csource/piece.js";
import type { Plan } from "../../plan/plan.js";

/**
 * Whether a flag of the C's own tells it. A heap in .bss is all zero, which refuses every request; where a pointer says
 * where the heap lies it is NULL. What is left: memory of its own that start-up code need not clear, and a first request
 * that initialises, whose bounds are proven where the heap's address is a constant.
 */
export const hasReadyFlag = ({ placement, init }: Plan): boolean =>
  init === "lazy" || (placement.kind === "static" && placement.section !== undefined);

/** Members of what counters fills, in their order. */
export const counterNames = ["free_bytes", "least_free_bytes", "allocations", "frees", "failures"] as const;

/** What the functions of the C do before init; undefined where they need no test. */
export function heapGuard(plan: Plan): HeapGuard | undefined {
  const { name, placement, init } = plan;
  if (placement.kind === "static" && !hasReadyFlag(plan)) return undefined;
  const figures = ["used_bytes", "used_blocks", "free_blocks", "peak_bytes", "failures", "largest_free"];
  const isZeroed = placement.kind === "static" && placement.section === undefined;
  const requests = ["malloc", "malloc_tagged", "aligned_alloc", ...(isZeroed ? [] : ["realloc"])];
  return {
    exempt: new Set([`${name}_init`]),
    isMissing: hasReadyFlag(plan) ? "!is_ready" : "heap == NULL",
    ...(init === "lazy"
      ? {
          firstUse: {
            functions: new Set(requests.map((suffix) => `${name}_${suffix}`)),
            mayFail: placement.kind === "linker",
            others: isZeroed ? "untested" : "tested",
          },
        }
      : {}),
    effects: {
      ...faultEffects(plan),
      [`${name}_stats`]: figures.map((figure) => `stats->${figure} = 0U;`),
      [`${name}_counters`]: counterNames.map((counter) => `counters->${counter} = 0U;`),
      [`${name}_check`]: ["if (where != NULL) {", "    *where = NULL;", "}"],
    },
  };
}

/** A heap that finds misuse tells that it is used before init. */
function faultEffects({ name, hardening, init }: Plan): HeapGuard["effects"] {
  if (hardening === undefined) return {};
  const tell = (pointer: string): string =>
    `${hardening.hook}(${hardening.isGiven ? "(uint32_t)" : ""}${name.toUpperCase()}_FAULT_USE_BEFORE_INIT, ${pointer});`;
  const given = ["if (pointer != NULL) {", `    ${tell("pointer")}`, "}"];
  const requests = {
    [`${name}_malloc`]: [tell("NULL")],
    [`${name}_aligned_alloc`]: [tell("NULL")],
    [`${name}_realloc`]: [tell("pointer")],
  };
  return {
    ...(init === "lazy" ? {} : requests),
    [`${name}_free`]: given,
    [`${name}_usable_size`]: given,
  };
}

/** Who calls init in place of the program, behind its definition. */
export function initCallers({ init, placement }: Plan): readonly Piece[] {
  switch (init) {
    case "explicit":
      return [];
    case "lazy":
      return [piece(placement.kind === "static" ? "api/first-use" : "api/first-use-linker", "first_use")];
    case "constructor":
      return [piece(placement.kind === "static" ? "api/construct" : "api/construct-linker", "construct")];
  }
}
