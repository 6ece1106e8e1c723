/**
 * Draws configs as a user writes them and keeps those that are accepted: emulator-tests/cases/drawn-configs.json.
 * They are kept, not drawn anew, so that the C of two commits can be compared (compare-c.ts).
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AllocGenError, prepare } from "../src/index.js";
import { seededRandom } from "../src/traces/random.js";

const wanted = 300;
/** Those there were when the configs were drawn: with another one all would be drawn anew. */
const targets = ["cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33"];
const functions = ["calloc", "realloc", "alignedAlloc", "usableSize", "walk", "check", "stats"];

const random = seededRandom(20261130, "drawn configs");

function pick<T>(values: readonly T[]): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

const sometimes = <T extends object>(share: number, value: () => T): T | object =>
  random.chance(share) ? value() : {};

function drawSize(alignment: number): number {
  const size = random.chance(0.3)
    ? 2 ** random.between(9, 20)
    : Math.min(2 ** 20, Math.floor(2 ** (9 + 11 * random.unit())));
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

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-draw-"));
const kept: object[] = [];
const reasons = new Map<string, number>();
while (kept.length < wanted) {
  const config = drawConfig();
  const file = join(folder, "alloc-gen.json");
  writeFileSync(file, JSON.stringify(config));
  try {
    prepare(file, {});
    kept.push(config);
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    const [first] = error.diagnostics;
    const reason = first?.message ?? "";
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
}
rmSync(folder, { recursive: true });
writeFileSync(
  new URL("../emulator-tests/cases/drawn-configs.json", import.meta.url),
  `[\n${kept.map((config) => JSON.stringify(config)).join(",\n")}\n]\n`,
);
const kinds = kept.map((config) => (config as { policy: { kind: string } }).policy.kind);
console.error(
  [...new Set(kinds)].map((kind) => `${kind} ${kinds.filter((each) => each === kind).length}`).join(", "),
);
if (process.argv.includes("--reasons")) {
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 15))
    console.error(count, reason);
}
