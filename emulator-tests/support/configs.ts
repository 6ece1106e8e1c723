/** Configs for tests: resolved, with what a test does not say filled in. */
import { compilerOfMachine } from "../../src/config/compiler.js";
import { machineOf, maskLacking, maskOfAll } from "../../src/machine/registry.js";
import { loadTarget } from "../../src/targets/load.js";
import type { Target } from "../../src/targets/target.js";
import type { Api, Config, HeaderConfig, Lock, Placement, ReallocRules } from "../../src/config/config.js";
import { apiNames, type ApiName } from "../../src/config/vocabulary.js";
import type { BitmapConfig } from "../../src/policies/bitmap/types.js";
import type { BuddyConfig } from "../../src/policies/buddy/types.js";
import type { BumpConfig } from "../../src/policies/bump/types.js";
import type { PoolConfig } from "../../src/policies/pool/types.js";
import type { PolicyConfig } from "../../src/policies/registry.js";
import type { SegregatedFitConfig } from "../../src/policies/segregated-fit/types.js";
import type { SequentialFitConfig } from "../../src/policies/sequential-fit/types.js";
import { standardPalette } from "../../src/header/palette.js";
import { bytes } from "../../src/units.js";

/** All functions beside malloc and free. */
export const everyFunction: Api = Object.fromEntries(apiNames.map((name) => [name, true])) as Record<
  ApiName,
  true
>;

export const sequential = (parts: Partial<SequentialFitConfig> = {}): SequentialFitConfig => ({
  kind: "sequential-fit",
  fit: "first",
  ties: "list",
  order: "address",
  split: "low",
  smallBelow: bytes(512),
  wilderness: "last",
  coalesce: "immediate",
  ...parts,
});

export const segregated = (parts: Partial<SegregatedFitConfig> = {}): SegregatedFitConfig => ({
  kind: "segregated-fit",
  subdivisions: 2,
  split: "low",
  smallBelow: bytes(512),
  probe: true,
  ...parts,
});

/** Quick lists of a few blocks: they run full, and requests fail while blocks wait. */
export const quick = (upTo = 64, most = 6): Pick<SegregatedFitConfig, "quickLists"> => ({
  quickLists: { upTo: bytes(upTo), most },
});

export const bump = (release: BumpConfig["release"] = "all"): BumpConfig => ({ kind: "bump", release });

/** @param sizes bytes of a block, and how many of them; one class may leave its count out. */
export const pool = (
  sizes: readonly (readonly [number, number?])[],
  parts: Partial<Omit<PoolConfig, "kind" | "classes">> = {},
): PoolConfig => ({
  kind: "pool",
  classes: sizes.map(([size, count]) => ({
    blockBytes: bytes(size),
    ...(count === undefined ? {} : { count }),
  })),
  fallback: sizes.length > 1,
  lazy: false,
  atomic: false,
  ...parts,
});

/** No function beside init, malloc and free. */
export const noApi: Api = {
  calloc: false,
  realloc: false,
  alignedAlloc: false,
  usableSize: false,
  walk: false,
  check: false,
  stats: false,
  counters: false,
  failureHook: false,
  largestRequest: false,
};

export const bitmap = (granule = 8): BitmapConfig => ({ kind: "bitmap", granule: bytes(granule) });

export const buddy = (smallest = 16): BuddyConfig => ({ kind: "buddy", smallest: bytes(smallest) });

export const seed = sequential({ order: "fifo", wilderness: "first", coalesce: "list-neighbours" });

type Links = Partial<HeaderConfig["links"]>;
type Fields = Partial<HeaderConfig["fields"]>;

export interface TestConfig {
  readonly policy: PolicyConfig;
  readonly size?: number;
  readonly alignment?: number;
  readonly cacheLine?: number;
  readonly upTo?: true;
  readonly boundaryTag?: HeaderConfig["boundaryTag"];
  readonly links?: Links;
  readonly fields?: Fields;
  readonly limits?: { readonly largest?: number; readonly smallest?: number };
  readonly zeroSize?: "null" | "unique";
  readonly target?: string;
  readonly optimize?: "-Os" | "-O2" | "-O3";
  readonly placement?: Placement;
  readonly lock?: Lock;
  readonly init?: Config["init"];
  readonly api?: Partial<Api>;
  readonly realloc?: ReallocRules;
  readonly hardening?: NonNullable<Config["hardening"]>;
}

/** The compiler of a target's machine. */
export const gccOf = (target: Target): string => compilerOfMachine("arm-none-eabi-gcc", machineOf(target));

/** A lock that masks all interrupts does so by the mask that the target's machine has. */
function lockOn(target: Target, lock: Lock = { kind: "none" }): Lock {
  if (lock.kind !== "primask" || maskLacking(lock.kind, target) === undefined) return lock;
  return { kind: maskOfAll(target) };
}

export function testConfig(test: TestConfig): Config {
  const { largest, smallest } = test.limits ?? {};
  const target = loadTarget(test.target ?? "cortex-m4");
  return {
    name: "app_heap",
    target: target.name,
    heap: {
      size: bytes(test.size ?? 32768),
      ...(test.upTo === undefined ? {} : { upTo: test.upTo }),
      alignment: bytes(test.alignment ?? test.cacheLine ?? 8),
      ...(test.cacheLine === undefined ? {} : { cacheLine: bytes(test.cacheLine) }),
      placement: test.placement ?? { kind: "static" },
    },
    policy: test.policy,
    header: {
      palette: standardPalette,
      boundaryTag: test.boundaryTag ?? "auto",
      links: { place: "intrusive", width: "auto", form: "auto", slots: 16, ...test.links },
      fields: { size: { unit: "auto" }, ...test.fields },
    },
    limits: {
      ...(largest === undefined ? {} : { largest: bytes(largest) }),
      ...(smallest === undefined ? {} : { smallest: bytes(smallest) }),
    },
    zeroSize: test.zeroSize ?? "null",
    lock: lockOn(target, test.lock),
    ...(test.init === undefined ? {} : { init: test.init }),
    api: { ...noApi, ...test.api },
    ...(test.realloc === undefined ? {} : { realloc: test.realloc }),
    ...(test.hardening === undefined ? {} : { hardening: test.hardening }),
    toolchain: { compiler: gccOf(target), optimize: test.optimize ?? "-O2" },
    verify: { seed: 1, operations: 20000, workloads: [], traces: [], strict: true },
    outputs: [],
    neededBy: {},
    budgets: { cycles: {} },
  };
}
