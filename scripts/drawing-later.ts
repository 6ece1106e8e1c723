/**
 * Keys that configs got after the first ones were drawn. They are drawn apart, so that the other choices of a seed stay
 * what they were.
 */
import type { Random } from "../src/traces/random.js";

interface Drawn {
  readonly heap: { readonly size: number; readonly alignment: number; readonly placement?: unknown };
  readonly policy: { readonly kind: string; readonly release?: string; readonly atomic?: boolean };
  readonly api: Readonly<Record<string, unknown>>;
  readonly lock?: unknown;
}

/** @param config as `configDrawer` draws it. @return it may be refused where it was not before */
export function withLaterKeys<Config extends object>(config: Config, random: Random): Config {
  const { heap, policy, api, lock } = config as unknown as Drawn;
  const sometimes = (share: number, value: () => object): object => (random.chance(share) ? value() : {});
  const hasHeaders = policy.kind === "segregated-fit" || policy.kind === "sequential-fit";
  const isGiven = heap.placement === "linker" || heap.placement === "runtime";
  const hasLinks = policy.kind === "bump" && policy.release === "lifo";
  const cacheLine = 2 ** random.between(4, 6);
  const lines = sometimes(0.2, () => (hasLinks || heap.size % cacheLine > 0 ? {} : { cacheLine }));
  const alignment = "cacheLine" in lines ? Math.max(cacheLine, heap.alignment) : heap.alignment;
  const upTo = sometimes(0.4, () => (hasHeaders && isGiven ? { size: { upTo: heap.size } } : {}));
  const keepAlignment = alignment * 2 ** random.between(1, 3);
  return {
    ...config,
    heap: { ...heap, ...lines, alignment, ...upTo },
    api: {
      ...api,
      ...sometimes(policy.atomic === true ? 0 : 0.3, () => ({ counters: true })),
      ...sometimes(0.25, () => ({ failureHook: true })),
      ...sometimes(0.25, () => ({ largestRequest: true })),
      ...sometimes(0.5, () => {
        if (api["realloc"] !== true) return {};
        const rules = {
          ...sometimes(0.6, () => (api["alignedAlloc"] === true ? { keepAlignment } : {})),
          ...sometimes(0.6, () => (lock === undefined ? {} : { copyUnlocked: true })),
        };
        return { realloc: rules };
      }),
    },
  };
}
