/** Draws configs as a user writes them; not all of them are accepted. */
import type { Random } from "../src/traces/random.js";

/** Those there were when the configs were drawn: with another one all would be drawn anew. */
const targets = ["cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33"];
const functions = ["calloc", "realloc", "alignedAlloc", "usableSize", "walk", "check", "stats"];

/**
 * @param mostDoublings heaps are of 512 bytes to so many doublings of it
 * @return a function that draws one config more each time, as JSON
 */
export function configDrawer(random: Random, mostDoublings = 11): () => object {
  function pick<T>(values: readonly T[]): T {
    const value = values[random.below(values.length)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }

  const sometimes = <T extends object>(share: number, value: () => T): T | object =>
    random.chance(share) ? value() : {};

  function drawSize(alignment: number): number {
    const size = random.chance(0.3)
      ? 2 ** random.between(9, 9 + mostDoublings)
      : Math.floor(2 ** (9 + mostDoublings * random.unit()));
    return size - (size % alignment);
  }

  function drawPool(alignment: number, size: number): object {
    const count = pick([1, 1, 2, 3, 5]);
    const sizes = new Set<number>();
    while (sizes.size < count) {
      sizes.add(alignment * random.between(1, Math.max(6, Math.floor(size / (4 * count * alignment)))));
    }
    const open = random.below(count);
    const classes = [...sizes]
      .sort((left, right) => left - right)
      .map((bytes, index) => ({ size: bytes, ...(index === open ? {} : { count: random.between(1, 3) }) }));
    const atomic = random.chance(0.1);
    return {
      kind: "pool",
      classes,
      ...sometimes(0.5, () => ({ fallback: count > 1 && random.chance(0.5) })),
      ...(atomic ? { atomic } : sometimes(0.5, () => ({ lazy: true }))),
    };
  }

  const drawSegregated = (): object => ({
    kind: "segregated-fit",
    ...sometimes(0.7, () => ({ subdivisions: 2 ** random.between(0, 5) })),
    ...sometimes(0.7, () => ({ split: pick(["low", "two-ended", "by-neighbour"]) })),
    ...sometimes(0.6, () => ({ probe: random.chance(0.5) })),
    ...sometimes(0.1, () => ({ subdivisions: 2, probe: true, spacing: "geometric" })),
    ...sometimes(0.25, () => ({ coalesce: "deferred" })),
    ...sometimes(0.35, () => ({
      quickLists: { upTo: pick([1, 40, 64, 200, 1024]), most: pick([1, 2, 8, 40, 300]) },
    })),
  });

  function drawSequential(): object {
    const fit = pick(["first", "next", "best", "worst"]);
    return {
      kind: "sequential-fit",
      fit,
      ...(fit === "best" || fit === "worst" ? { ties: pick(["list", "lowest", "highest"]) } : {}),
      split: pick(["low", "high", "two-ended", "by-neighbour"]),
      order: pick(["address", "lifo", "fifo", "in-place"]),
      wilderness: pick(["first", "last", "none"]),
      coalesce: pick(["immediate", "deferred", "list-neighbours", "never"]),
    };
  }

  function drawPolicy(alignment: number, size: number): object {
    const granule = (): number => alignment * 2 ** random.between(0, 4);
    switch (pick(["sequential", "sequential", "segregated", "bare", "bare"])) {
      case "sequential":
        return drawSequential();
      case "segregated":
        return drawSegregated();
      default:
        return pick([
          () => drawPool(alignment, size),
          () => drawPool(alignment, size),
          () => ({ kind: "bitmap", granule: granule() }),
          () => ({ kind: "buddy", smallest: granule() }),
          () => ({ kind: "bump", release: pick(["all", "lifo"]) }),
        ])();
    }
  }

  function drawHeader(): object {
    const width = () => ({ bits: random.between(6, 32) });
    return {
      ...sometimes(0.4, () => ({ boundaryTag: pick(["none", "prevSize", "footer"]) })),
      ...sometimes(0.5, () => ({
        links: {
          ...sometimes(0.4, () => ({ place: "slots", slots: pick([1, 2, 3, 16, 100, 1000]) })),
          ...sometimes(0.3, () => ({ width: pick([16, 32]) })),
        },
      })),
      ...sometimes(0.8, () => ({
        fields: {
          ...sometimes(0.3, () => ({ size: { unit: pick(["granules", "bytes"]) } })),
          ...sometimes(0.15, () => ({ free: true })),
          ...sometimes(0.05, () => ({ prevFree: true })),
          ...sometimes(0.1, () => ({ prevSize: width() })),
          ...sometimes(0.25, () => ({ requested: random.chance(0.5) ? true : width() })),
          ...sometimes(0.25, () => ({ magic: { bits: pick([4, 8, 13, 16, 32]) } })),
          ...sometimes(0.25, () => ({ tag: { bits: random.between(1, 32) } })),
          ...sometimes(0.25, () => ({ checksum: { bits: random.between(4, 16) } })),
          ...sometimes(0.1, () => ({ padding: { bits: random.between(1, 32) } })),
        },
      })),
    };
  }

  function drawConfig(): object {
    const alignment = pick([4, 8, 8, 8, 16, 32, 64]);
    const size = drawSize(alignment);
    const policy = drawPolicy(alignment, size);
    const instances = random.chance(0.15);
    const placement = (): object => ({
      placement: instances
        ? "runtime"
        : pick<unknown>([{ kind: "static", section: ".noinit" }, "linker", "runtime"]),
    });
    const share = random.chance(0.3) ? 0 : random.unit();
    return {
      name: pick(["app_heap", "h", "sensor_memory"]),
      target: pick(targets),
      heap: {
        size,
        alignment,
        ...(instances ? { instances: "many", ...placement() } : sometimes(0.3, placement)),
      },
      policy,
      ...sometimes(0.6, () => ({ header: drawHeader() })),
      ...sometimes(0.3, () => ({
        limits: { largest: Math.max(1, Math.floor(size * 2 ** -random.between(0, 9))) },
      })),
      api: {
        ...sometimes(0.5, () => ({ zeroSize: "unique" })),
        ...Object.fromEntries(functions.filter(() => random.chance(share)).map((name) => [name, true])),
      },
      ...sometimes(0.4, () => ({
        lock: pick<unknown>(["primask", { kind: "basepri", priority: 64 }, "custom"]),
      })),
      toolchain: { optimize: pick(["-Os", "-O2", "-O3"]) },
    };
  }

  return drawConfig;
}
