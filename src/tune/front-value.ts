/** Configs of several heaps that a search makes of one of one heap: pools in front, the heap behind them. */
import type { Variant } from "../policies/policy.js";

/** The value of a config as it is written: its keys. */
export type ConfigValue = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is ConfigValue =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const objectOf = (value: unknown): ConfigValue => (isObject(value) ? value : {});

/** Functions that a front has. */
const ofFronts = ["calloc", "realloc", "alignedAlloc", "usableSize"];

/** Keys that are each heap's own; the others are given once for all. */
const ofTheHeap = ["name", "heap", "policy", "header", "limits", "api", "budgets"];

/** Whether a front can stand for the heap: it has no other functions, and does not initialise itself. */
export function isOfFronts(base: ConfigValue): boolean {
  const asked = Object.entries(objectOf(base["api"])).filter(([, is]) => is === true);
  return (
    typeof base["name"] === "string" &&
    base["init"] === undefined &&
    asked.every(([name]) => ofFronts.includes(name))
  );
}

export interface FrontParts {
  /** Of one heap. */
  readonly base: ConfigValue;
  /** Whether all get a realloc, where the base has none. */
  readonly realloc: boolean;
  /** Of the heap in front. */
  readonly policy: Variant["policy"];
  /** Its size. */
  readonly bytes: number;
  readonly behind: Variant;
}

/** The front has the base's name, so that a program calls what it called; its heaps have names of their own. */
export function frontValue({ base, realloc, policy, bytes, behind }: FrontParts): ConfigValue {
  const asked: ConfigValue = { ...objectOf(base["api"]), ...(realloc ? { realloc } : {}) };
  // Where a block moves to another heap, the front must know how much it holds.
  const api: ConfigValue = { ...asked, ...(asked["realloc"] === true ? { usableSize: true } : {}) };
  const { alignedAlloc: _aligned, ...smallApi } = api;
  const name = String(base["name"]);
  const heap = objectOf(base["heap"]);
  const own = Object.fromEntries(Object.entries(base).filter(([key]) => ofTheHeap.includes(key)));
  const { alignment } = heap;
  return {
    ...Object.fromEntries(Object.entries(base).filter(([key]) => !ofTheHeap.includes(key))),
    heaps: [
      {
        name: `${name}_pools`,
        heap: { size: bytes, ...(alignment === undefined ? {} : { alignment }) },
        policy,
        api: smallApi,
      },
      {
        ...own,
        name: `${name}_general`,
        policy: behind.policy,
        api,
        ...(behind.header === undefined ? {} : { header: { ...objectOf(base["header"]), ...behind.header } }),
      },
    ],
    front: { name, by: "size", api: asked },
  };
}

/** The same with another size of the last heap. */
export function withLastHeap(value: ConfigValue, size: number): ConfigValue {
  const heaps: readonly unknown[] = Array.isArray(value["heaps"]) ? value["heaps"] : [];
  const last = objectOf(heaps.at(-1));
  return { ...value, heaps: [...heaps.slice(0, -1), { ...last, heap: { ...objectOf(last["heap"]), size } }] };
}
