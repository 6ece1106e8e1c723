/** Configs drawn at random from the whole space: what the config file can say of a heap, sensible or not. */
import type { HeaderConfig, Lock, Placement } from "../../src/config/config.js";
import { optimizations } from "../../src/config/vocabulary.js";
import type { PolicyConfig } from "../../src/policies/registry.js";
import { segregatedSplits } from "../../src/policies/segregated-fit/types.js";
import {
  coalesceRules,
  fits,
  orders,
  splits,
  ties,
  wildernessRules,
} from "../../src/policies/sequential-fit/types.js";
import type { Random } from "../../src/traces/random.js";
import { bitmap, buddy, bump, pool, quick, segregated, sequential, type TestConfig } from "./configs.js";
import { bytes } from "../../src/units.js";
import { isAccepted, targetNames } from "./targets.js";

const alignments = [4, 8, 16, 32, 64] as const;

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

/** `value` in some of the cases, else nothing. */
const sometimes = <T extends object>(random: Random, share: number, value: () => T): T | object =>
  random.chance(share) ? value() : {};

/** As many small heaps as large ones; most are no power of two. */
function drawSize(random: Random, alignment: number): number {
  const size = random.chance(0.3)
    ? 2 ** random.between(9, 20)
    : Math.min(2 ** 20, Math.floor(2 ** (9 + 11 * random.unit())));
  return size - (size % alignment);
}

function drawPolicy(random: Random): PolicyConfig {
  if (random.chance(0.6)) {
    const fit = pick(random, fits);
    return sequential({
      fit,
      ...(fit === "best" || fit === "worst" ? { ties: pick(random, ties) } : {}),
      split: pick(random, splits),
      smallBelow: bytes(random.between(16, 300)),
      order: pick(random, orders),
      wilderness: pick(random, wildernessRules),
      coalesce: pick(random, coalesceRules),
    });
  }
  return segregated({
    subdivisions: 2 ** random.between(0, 5),
    split: pick(random, segregatedSplits),
    smallBelow: bytes(random.between(16, 300)),
    probe: random.chance(0.5),
    ...sometimes(random, 0.25, () => ({ coalesce: "deferred" as const })),
    ...sometimes(random, 0.35, () =>
      quick(pick(random, [1, 40, 64, 200, 1024]), pick(random, [1, 2, 8, 40, 300])),
    ),
  });
}

function drawHeaderless(random: Random, alignment: number, size: number): PolicyConfig {
  if (random.chance(0.3)) return bitmap(alignment * 2 ** random.between(0, 4));
  if (random.chance(0.4)) return buddy(alignment * 2 ** random.between(0, 4));
  if (random.chance(0.4)) return bump(random.chance(0.5) ? "all" : "lifo");
  const classes = pick(random, [1, 1, 2, 3, 5]);
  const sizes = new Set<number>();
  while (sizes.size < classes) {
    sizes.add(alignment * random.between(1, Math.max(6, Math.floor(size / (4 * classes * alignment)))));
  }
  const open = random.below(classes);
  const counted = [...sizes]
    .sort((left, right) => left - right)
    .map((bytes, index) => (index === open ? ([bytes] as const) : ([bytes, random.between(1, 3)] as const)));
  const atomic = random.chance(0.3);
  return pool(counted, {
    fallback: classes > 1 && random.chance(0.5),
    atomic,
    lazy: !atomic && random.chance(0.5),
  });
}

const drawBoundedByBits = (random: Random): PolicyConfig =>
  segregated({
    ...(random.chance(0.25)
      ? { spacing: "geometric" }
      : { subdivisions: 2 ** random.between(0, 5), probe: random.chance(0.6) }),
    split: pick(random, ["low", "two-ended"] as const),
    smallBelow: bytes(4 * random.between(4, 300)),
  });

function drawLinks(random: Random): NonNullable<TestConfig["links"]> {
  return {
    ...sometimes(random, 0.35, () => ({
      place: "slots" as const,
      slots: pick(random, [1, 2, 3, 3, 16, 100, 1000, 65535]),
    })),
    ...sometimes(random, 0.3, () => ({ width: pick(random, [16, 32] as const) })),
    ...sometimes(random, 0.1, () => ({ form: pick(random, ["single", "double"] as const) })),
  };
}

function drawFields(random: Random): NonNullable<TestConfig["fields"]> {
  const width = () => sometimes(random, 0.3, () => ({ bits: random.between(6, 32) }));
  const fields: Partial<HeaderConfig["fields"]> = {
    size: {
      unit: pick(random, ["auto", "auto", "granules", "bytes"] as const),
      ...sometimes(random, 0.15, () => ({ bits: random.between(6, 32) })),
    },
    ...sometimes(random, 0.15, () => ({ free: true as const })),
    ...sometimes(random, 0.05, () => ({ prevFree: true as const })),
    ...sometimes(random, 0.1, () => ({ prevSize: width() })),
    ...sometimes(random, 0.2, () => ({ requested: width() })),
    ...sometimes(random, 0.2, () => ({ magic: drawMagic(random) })),
    ...sometimes(random, 0.2, () => ({ tag: { bits: random.between(1, 32) } })),
    ...sometimes(random, 0.2, () => ({ checksum: { bits: random.between(4, 16) } })),
    ...sometimes(random, 0.1, () => ({ padding: { bits: random.between(1, 32) } })),
  };
  return fields;
}

function drawMagic(random: Random): { readonly bits: number; readonly value: number } {
  const bits = random.between(1, 32);
  // A magic of 0 works and marks nothing: cppcheck says so.
  return { bits, value: random.between(1, 2 ** bits - 1) };
}

function drawLimits(random: Random, size: number): NonNullable<TestConfig["limits"]> {
  const largest = Math.max(1, Math.floor(size * 2 ** -random.between(0, 9)));
  return {
    ...sometimes(random, 0.3, () => ({ largest })),
    ...sometimes(random, 0.2, () => ({ smallest: random.between(1, Math.min(100, largest)) })),
  };
}

const placements: readonly Placement[] = [
  { kind: "static", section: ".noinit" },
  { kind: "linker", start: "app_heap_start", end: "app_heap_end" },
  { kind: "runtime", instances: "one" },
  { kind: "runtime", instances: "many" },
];
const locks: readonly Lock[] = [
  { kind: "primask" },
  { kind: "basepri", priority: 0x40 },
  { kind: "custom", header: "app_heap_lock.h" },
];

export function drawConfig(random: Random): TestConfig {
  const alignment = pick(random, alignments);
  const size = drawSize(random, alignment);
  const bare = random.chance(0.25);
  // What asks for a header is refused by these policies: most draws do not.
  const share = bare ? 0.03 : 1;
  const hasBits = bare && random.chance(0.3);
  return {
    policy: hasBits
      ? drawBoundedByBits(random)
      : bare
        ? drawHeaderless(random, alignment, size)
        : drawPolicy(random),
    size,
    alignment,
    ...(hasBits
      ? { boundaryTag: "bits" as const }
      : sometimes(random, 0.5 * share, () => ({
          boundaryTag: pick(random, ["none", "prevSize", "footer"] as const),
        }))),
    ...sometimes(random, 0.6 * share, () => ({ links: drawLinks(random) })),
    ...sometimes(random, 0.6 * share, () => ({ fields: drawFields(random) })),
    ...sometimes(random, 0.4, () => ({ limits: drawLimits(random, size) })),
    ...sometimes(random, 0.5, () => ({ zeroSize: "unique" as const })),
    target: pick(random, targetNames),
    optimize: pick(random, optimizations),
    ...sometimes(random, 0.3, () => ({ placement: pick(random, placements) })),
    ...sometimes(random, 0.25, () => ({ lock: pick(random, locks) })),
    ...sometimes(random, 0.15, () => ({ hardening: drawHardening(random) })),
  };
}

const drawHardening = (random: Random): NonNullable<TestConfig["hardening"]> => ({
  tier: "basic",
  ...sometimes(random, 0.3, () => ({ hook: "app_heap_misused" })),
});

/** Each misuse fills the heap and frees all again: where a search takes longer with the heap, a large one takes minutes. */
const mostHardenedBytes = 8 * 1024;
/** In a heap of a few blocks one flip that passes is a larger share than is promised. */
const leastHardenedBytes = 2 * 1024;

/** A drawn config that finds misuse: most policies do so with few of their choices. */
export function drawHardened(random: Random): TestConfig {
  for (;;) {
    const drawn: TestConfig = { ...drawConfig(random), hardening: drawHardening(random) };
    const { size = 0 } = drawn;
    if (size >= leastHardenedBytes && size <= mostHardenedBytes && isAccepted(drawn)) return drawn;
  }
}

/** A drawn config that is not refused. */
export function drawPlanned(
  random: Random,
  functionsOf: (config: TestConfig) => NonNullable<TestConfig["api"]> = () => ({}),
): TestConfig {
  for (;;) {
    const drawn = drawConfig(random);
    const config = { ...drawn, api: functionsOf(drawn) };
    if (isAccepted(config)) return config;
  }
}
