/**
 * The hash that the generated files carry. It is that of the resolved config: spelling, order and comments do not change
 * it, nor does the folder.
 */
import { createHash } from "node:crypto";
import type { Api, ApiName, Config } from "./config.js";

/** The keys of the config that the hash leaves out: those that decide nothing of the C by themselves. Any other counts. */
const leftOut: readonly string[] = [
  "chip",
  "toolchain",
  "verify",
  "budgets",
  "outputs",
  "neededBy",
] satisfies (keyof Config)[];

/** Hexadecimal sha256 of every key but those that are left out. */
export function hashOf(config: Config): string {
  const { heap, lock, api, budgets, toolchain } = config;
  const bounds = { malloc: budgets.cycles.malloc?.bound, free: budgets.cycles.free?.bound };
  const isBounded = bounds.malloc !== undefined || bounds.free !== undefined;
  const { placement, ...rest } = heap;
  const { kind, ...place } = placement;
  // What came later is as if it were not there where it has its default: hashes of before stay.
  const spelled = {
    ...config,
    heap: { ...rest, ...place, kind: kind === "static" ? undefined : kind },
    lock: lock.kind === "none" ? undefined : lock,
    api: Object.values(api).includes(true) ? functionsOf(api) : undefined,
    // The C's header names the cycles that a budget bounds, and how it is compiled for them.
    bounds: isBounded ? { ...bounds, optimize: toolchain.optimize } : undefined,
  };
  const decisive = Object.fromEntries(Object.entries(spelled).filter(([key]) => !leftOut.includes(key)));
  return createHash("sha256").update(canonicalJson(decisive)).digest("hex");
}

/** Functions that counted from the beginning, asked for or not. */
const firstFunctions: readonly string[] = [
  "calloc",
  "realloc",
  "alignedAlloc",
  "usableSize",
  "walk",
  "check",
  "stats",
] satisfies ApiName[];

const functionsOf = (api: Api): object =>
  Object.fromEntries(Object.entries(api).filter(([name, is]) => is || firstFunctions.includes(name)));

/** JSON with sorted keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}
