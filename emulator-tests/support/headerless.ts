/** Configs of the policies whose blocks have no header: between them every piece of their templates is generated. */
import type { Api } from "../../src/config/config.js";
import { bitmap, buddy, bump, pool, type TestConfig } from "./configs.js";

/** As many functions as each policy gives. */
const functions: Api = {
  ...{ calloc: true, realloc: true, alignedAlloc: true },
  ...{ usableSize: true, walk: true, check: true, stats: true },
};
const unlocked = { ...functions, walk: false, check: false, stats: false };

/** The same policies with the functions beside malloc and free. */
export const headerlessFunctions: Readonly<Record<string, TestConfig>> = {
  "pool, functions": { policy: pool([[64]]), size: 4096, api: functions },
  "pool, functions, wide links": {
    policy: pool([[96]], { lazy: true }),
    links: { width: 32 },
    size: 4096,
    zeroSize: "unique",
    target: "cortex-m0plus",
    lock: { kind: "primask" },
    api: functions,
  },
  "pools, functions": {
    policy: pool([[24, 20], [64, 10], [256]], { lazy: true }),
    size: 4096,
    api: functions,
  },
  "pools, functions, no fallback": {
    policy: pool([[40], [96, 4], [128, 4]], { fallback: false }),
    size: 4096,
    target: "cortex-m0",
    limits: { largest: 120 },
    lock: { kind: "primask" },
    api: functions,
  },
  "pools, functions, placed": {
    policy: pool([[32, 10], [64]]),
    size: 3000,
    alignment: 4,
    placement: { kind: "runtime", instances: "many" },
    zeroSize: "unique",
    api: functions,
  },
  "pools, some functions": {
    policy: pool([[32, 10], [48, 3], [160]]),
    size: 4096,
    placement: { kind: "linker", start: "app_heap_start", end: "app_heap_end" },
    api: { realloc: true, usableSize: true, alignedAlloc: true },
  },
  "bitmap, functions": { policy: bitmap(), size: 2048, api: functions },
  "bitmap, functions, v6-M": {
    policy: bitmap(16),
    size: 4096,
    zeroSize: "unique",
    target: "cortex-m0",
    lock: { kind: "primask" },
    api: functions,
  },
  "bitmap, functions, limits": {
    policy: bitmap(32),
    size: 8000,
    limits: { largest: 900, smallest: 40 },
    placement: { kind: "runtime", instances: "many" },
    api: functions,
  },
  "bitmap, some functions": {
    policy: bitmap(4),
    size: 1072,
    alignment: 4,
    api: { realloc: true, check: true },
  },
  "buddy, functions": { policy: buddy(), size: 4096, api: functions },
  "buddy, functions, v6-M": {
    policy: buddy(32),
    size: 3000,
    zeroSize: "unique",
    target: "cortex-m0plus",
    lock: { kind: "primask" },
    api: functions,
  },
  "buddy, functions, limits": {
    policy: buddy(16),
    size: 8192,
    alignment: 16,
    links: { width: 32 },
    limits: { largest: 900, smallest: 40 },
    placement: { kind: "runtime", instances: "many" },
    api: functions,
  },
  "buddy, some functions": { policy: buddy(64), size: 8192, api: { realloc: true } },
  "pools, atomic, functions": {
    policy: pool([[32], [256, 8]], { atomic: true }),
    size: 4096,
    target: "cortex-m3",
    api: unlocked,
  },
};

export const headerless: Readonly<Record<string, TestConfig>> = {
  bump: { policy: bump() },
  "bump, 0 is unique": { policy: bump(), zeroSize: "unique", size: 30000, target: "cortex-m0" },
  "bump, limits": { policy: bump(), limits: { largest: 500, smallest: 20 }, size: 8192 },
  "bump, 1 MiB": { policy: bump(), size: 1 << 20, alignment: 4, optimize: "-Os" },
  "bump, lifo": { policy: bump("lifo"), size: 4096 },
  "bump, lifo, 1 MiB": { policy: bump("lifo"), size: 1 << 20, alignment: 4, zeroSize: "unique" },
  "bump, lifo, wide links": {
    policy: bump("lifo"),
    size: 20000,
    alignment: 16,
    limits: { smallest: 20 },
    links: { width: 32 },
    target: "cortex-m0plus",
  },
  pool: { policy: pool([[64]]), size: 8192 },
  "pool, wide links": { policy: pool([[24]]), links: { width: 32 }, size: 4096, target: "cortex-m0plus" },
  "pool, lazy": { policy: pool([[40, 90]], { lazy: true }), size: 4096, optimize: "-Os" },
  "pool, atomic": { policy: pool([[64, 100]], { atomic: true }), size: 8192, zeroSize: "unique" },
  pools: {
    policy: pool([
      [32, 40],
      [128, 10],
      [512, 3],
    ]),
    size: 8192,
  },
  "pools, lazy": {
    policy: pool([[32, 40], [128], [512, 3]], { lazy: true }),
    size: 8192,
    target: "cortex-m0",
  },
  "pools, no fallback": {
    policy: pool([[32, 40], [128]], { fallback: false }),
    size: 1 << 19,
    alignment: 4,
    target: "cortex-m7",
  },
  "pools, atomic": {
    policy: pool([[48], [256, 10]], { atomic: true }),
    size: 8192,
    alignment: 16,
    target: "cortex-m33",
  },
  bitmap: { policy: bitmap(), size: 4096 },
  "bitmap, v6-M": { policy: bitmap(16), size: 8192, target: "cortex-m0" },
  "bitmap, limits": {
    policy: bitmap(32),
    size: 3000,
    zeroSize: "unique",
    limits: { largest: 900, smallest: 40 },
    optimize: "-Os",
  },
  "bitmap, whole words": { policy: bitmap(4), size: 1072, alignment: 4, target: "cortex-m0plus" },
  buddy: { policy: buddy(), size: 8192 },
  "buddy, v6-M": { policy: buddy(32), size: 3000, zeroSize: "unique", target: "cortex-m0" },
  "buddy, limits": { policy: buddy(8), size: 512, limits: { largest: 100, smallest: 30 } },
  "buddy, wide links": { policy: buddy(8), size: 20000, links: { width: 32 }, target: "cortex-m0plus" },
  "buddy, 1 MiB": { policy: buddy(8), size: 1 << 20, alignment: 4, optimize: "-O3" },
};
