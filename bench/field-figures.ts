/** What page and picture say of an allocator as a whole. */
import type { AllocatorFigures, Build, Core, FieldResults, RobustFigures } from "./field-data.js";

export const isDrawn = (trace: string): boolean => trace.startsWith("synthetic-");

/** The most cycles of any call in the traces that are asked for. */
export function worstCycles(
  build: Build | undefined,
  which: "malloc" | "free",
  of: (trace: string) => boolean,
): number {
  const figures = build?.traces.filter(({ name }) => of(name)) ?? [];
  return Math.max(0, ...figures.map((trace) => trace[which].cycles.max));
}

/** The level of optimisation at which the slowest malloc and the slowest free take the fewest cycles together. */
export function betterBuild({ builds }: AllocatorFigures, core: Core): Build | undefined {
  const both = (build: Build): number =>
    worstCycles(build, "malloc", isDrawn) + worstCycles(build, "free", isDrawn);
  return builds
    .filter((build) => build.core === core)
    .toSorted((left, right) => both(left) - both(right))
    .at(0);
}

type RobustKind = "edge" | "steady";

/** Memory against the best peer of each trace, as the geometric mean; undefined where a trace has no figure. */
export function robustShare(
  { allocators, traces }: FieldResults,
  { robust }: AllocatorFigures,
  which: RobustKind,
): number | undefined {
  const of = (figures: readonly RobustFigures[] | undefined, trace: string): number | null | undefined =>
    figures?.find((one) => one.trace === trace)?.[which];
  const peers = allocators.filter(({ generated }) => !generated);
  return geometricMean(
    traces.map(({ name }) => {
      const best = Math.min(...peers.map((peer) => of(peer.robust, name) ?? Infinity));
      const own = of(robust, name);
      return own === null || own === undefined ? undefined : own / best;
    }),
  );
}

/** As `robustShare`, of the traces as they are: one least heap each. */
export function singleShare(
  { allocators, traces }: FieldResults,
  { leastHeaps }: AllocatorFigures,
): number | undefined {
  const of = (figures: AllocatorFigures["leastHeaps"], trace: string): number | undefined =>
    figures.find((one) => one.trace === trace)?.least?.ramBytes;
  const peers = allocators.filter(({ generated }) => !generated);
  return geometricMean(
    traces.map(({ name }) => {
      const best = Math.min(...peers.map((peer) => of(peer.leastHeaps, name) ?? Infinity));
      const own = of(leastHeaps, name);
      return own === undefined ? undefined : own / best;
    }),
  );
}

function geometricMean(shares: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const share of shares) {
    if (share === undefined || !Number.isFinite(share)) return undefined;
    sum += Math.log(share);
  }
  return shares.length === 0 ? undefined : Math.exp(sum / shares.length);
}
