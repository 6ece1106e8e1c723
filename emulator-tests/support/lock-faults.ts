/** Faults that hands make in what keeps interrupts out, and the configs that have it. */
import type { Lock } from "../../src/config/config.js";
import type { Edit } from "./bench.js";
import { f, v } from "./c-words.js";
import {
  bitmap,
  buddy,
  bump,
  everyFunction,
  pool,
  quick,
  segregated,
  sequential,
  type TestConfig,
} from "./configs.js";
import { functionsOf } from "../../src/csource/c-function.js";
import { changed, guard } from "./hand-made-fault.js";

export interface LockFault {
  readonly name: string;
  readonly config: TestConfig;
  readonly edit: Edit;
}

/** Text of the C, which stands there once, becomes another. @throws Error where it does not */
export const text =
  (from: string, to: string): Edit =>
  (source) => {
    const parts = source.split(from);
    if (parts.length !== 2) throw new Error(`the C has ${parts.length - 1} times ${from}`);
    return parts.join(to);
  };

/** The same in one function. */
const inFunction =
  (name: string, from: string, to: string): Edit =>
  (source) => {
    const found = functionsOf(source).find((each) => each.name === name);
    if (found === undefined) throw new Error(`the C has no ${name}`);
    const { start, end } = found.span;
    return source.slice(0, start) + text(from, to)(source.slice(start, end)) + source.slice(end);
  };

const both =
  (...edits: readonly Edit[]): Edit =>
  (source) =>
    edits.reduce((changedSource, edit) => edit(changedSource), source);

const api = everyFunction;
const small = { size: 2048, api };
const primask: TestConfig = { ...small, policy: segregated(), lock: { kind: "primask" } };
const v6m: TestConfig = {
  ...small,
  policy: sequential(),
  lock: { kind: "primask" },
  target: "cortex-m0plus",
};
/** Its mask is MIE of mstatus. */
const riscv: TestConfig = { ...v6m, target: "rv32imac" };
const basepri: TestConfig = { ...small, policy: buddy(), lock: { kind: "basepri", priority: 0x40 } };
const custom: TestConfig = {
  ...small,
  policy: bitmap(),
  lock: { kind: "custom", header: "app_heap_lock.h" },
  target: "cortex-m33",
};
export const atomic: TestConfig = {
  policy: pool([[32], [128, 4]], { atomic: true }),
  size: 2048,
  api: { ...api, walk: false, check: false, stats: false, counters: false },
};

const masks = String.raw`"mrs %0, primask\n\tcpsid i" : "=r"(state) : : "memory"`;
const unmasks = `"msr primask, %0" : : "r"(state) : "memory"`;
const clearsMie = `"csrrci %0, mstatus, 8" : "=r"(state) : : "memory"`;
const setsMie = `"csrs mstatus, %0" : : "r"(state & 8U) : "memory"`;
const raises = String.raw`"mrs %0, basepri\n\tmsr basepri_max, %1"`;
const lowers = `"msr basepri, %0" : : "r"(state) : "memory"`;
const loadsExclusive = `"ldrex %0, %1"`;
const storesExclusive = `"strex %0, %2, %1" : "=&r"(failed), "=Q"(*word) : "r"(value) : "memory"`;

const locksHeap = "lock_heap()";
const unlocksHeap = "unlock_heap(mask);";

/** A function works without the lock. */
const unlocked = (name: string): Edit =>
  both(inFunction(name, `= ${locksHeap}`, "= 0U"), inFunction(name, unlocksHeap, "(void)mask;"));

export const lockFaults: readonly LockFault[] = [
  {
    name: "the first request initialises the heap with interrupts let in",
    config: { ...primask, init: "lazy" },
    edit: unlocked("first_use"),
  },
  {
    name: "the first request does not ask again whether an interrupt was first",
    config: { ...primask, init: "lazy" },
    edit: inFunction("first_use", "if (!is_ready)", "if (true)"),
  },
  {
    name: "the instruction that masks is left out",
    config: primask,
    edit: text(masks, `"mrs %0, primask" : "=r"(state) : : "memory"`),
  },
  {
    name: "the instruction that masks is left out, v6-M",
    config: v6m,
    edit: text(masks, `"mrs %0, primask" : "=r"(state) : : "memory"`),
  },
  {
    name: "the instruction that masks only reads, RISC-V",
    config: riscv,
    edit: text(clearsMie, `"csrr %0, mstatus" : "=r"(state) : : "memory"`),
  },
  { name: "unlock is empty, RISC-V", config: riscv, edit: text(setsMie, `"" : : "r"(state) : "memory"`) },
  {
    name: "unlock lets interrupts in whatever was before, RISC-V",
    config: riscv,
    edit: text(setsMie, `"csrsi mstatus, 8" : : "r"(state) : "memory"`),
  },
  {
    name: "lock reads the mask after it has set it, RISC-V",
    config: riscv,
    edit: text(clearsMie, String.raw`"csrci mstatus, 8\n\tcsrr %0, mstatus" : "=r"(state) : : "memory"`),
  },
  { name: "unlock is empty", config: primask, edit: text(unmasks, `"" : : "r"(state) : "memory"`) },
  {
    name: "unlock lets interrupts in whatever was before",
    config: v6m,
    edit: text(unmasks, `"cpsie i" : : "r"(state) : "memory"`),
  },
  {
    name: "lock reads the mask after it has set it",
    config: primask,
    edit: text(masks, String.raw`"cpsid i\n\tmrs %0, primask" : "=r"(state) : : "memory"`),
  },
  {
    name: "lock may be moved behind accesses, and unlock in front of them",
    config: primask,
    edit: both(
      text(masks, String.raw`"mrs %0, primask\n\tcpsid i" : "=r"(state)`),
      text(unmasks, `"msr primask, %0" : : "r"(state)`),
    ),
  },
  {
    name: "unlock may be moved in front of accesses",
    config: v6m,
    edit: text(unmasks, `"msr primask, %0" : : "r"(state)`),
  },
  ...[
    f.appFree,
    f.appMalloc,
    "app_heap_usable_size",
    "app_heap_check",
    "app_heap_stats",
    "app_heap_counters",
    "app_heap_largest_request",
    "app_heap_reset_peak",
    "app_heap_walk",
    "count_failure",
  ].map((name): LockFault => ({ name: `${name} takes no lock`, config: primask, edit: unlocked(name) })),
  {
    name: "a failed request is told with interrupts masked",
    config: primask,
    edit: inFunction(
      f.appMalloc,
      "app_heap_failed(size);",
      "const uint32_t held = lock_heap(); app_heap_failed(size); unlock_heap(held);",
    ),
  },
  {
    name: "malloc unlocks before it has taken the block",
    config: primask,
    edit: both(
      inFunction(f.appMalloc, unlocksHeap, ""),
      inFunction(f.appMalloc, "payload = take(", `${unlocksHeap} payload = take(`),
    ),
  },
  {
    name: "malloc unlocks only where it succeeds",
    config: primask,
    edit: changed(f.appMalloc, guard({ call: f.unlockHeap }, `${v.payload} != NULL`)),
  },
  {
    name: "free unlocks before it lists the block",
    config: primask,
    edit: both(
      inFunction(f.appFree, unlocksHeap, ""),
      inFunction(f.appFree, "release(pointer);", `${unlocksHeap} release(pointer);`),
    ),
  },
  {
    name: "the lock's priority is less urgent",
    config: basepri,
    edit: text("LOCK_PRIORITY (0x40U)", "LOCK_PRIORITY (0x50U)"),
  },
  {
    name: "lock lowers a mask that is more urgent",
    config: basepri,
    edit: text("basepri_max", "basepri"),
  },
  {
    name: "lock reads BASEPRI after it has set it",
    config: basepri,
    edit: text(raises, String.raw`"msr basepri_max, %1\n\tmrs %0, basepri"`),
  },
  {
    name: "unlock lets in what the caller had masked",
    config: basepri,
    edit: text(lowers, `"msr basepri, %0" : : "r"(state & 0U) : "memory"`),
  },
  {
    name: "the lock masks by the other register",
    config: basepri,
    edit: text(raises, String.raw`"mrs %0, basepri\n\tcpsid i"`),
  },
  {
    name: "the hook's state is thrown away",
    config: custom,
    edit: text("return APP_HEAP_LOCK();", "(void)APP_HEAP_LOCK(); return 0U;"),
  },
  {
    name: "the hook that unlocks is not called",
    config: custom,
    edit: text("APP_HEAP_UNLOCK(state);", "(void)state;"),
  },
  {
    name: "the hook that locks is not called",
    config: custom,
    edit: text("return APP_HEAP_LOCK();", "return 0U;"),
  },
  {
    name: "realloc gives the old block back before it has copied it",
    config: custom,
    edit: both(
      inFunction(
        f.appRealloc,
        "copy(payload, pointer, held);\n                app_heap_free(pointer);",
        "app_heap_free(pointer); copy(payload, pointer, held);",
      ),
    ),
  },
  {
    name: "a list is changed by plain loads and stores",
    config: atomic,
    edit: both(
      text(loadsExclusive, `"ldr %0, %1"`),
      text(
        storesExclusive,
        String.raw`"str %2, %1\n\tmov %0, #0" : "=&r"(failed), "=Q"(*word) : "r"(value) : "memory"`,
      ),
    ),
  },
  {
    name: "a store that failed is not tried again",
    config: atomic,
    edit: inFunction(f.take, "->next) != 0U", "->next) > 1U"),
  },
  {
    name: "a list that begins as it did is taken for the same (ABA)",
    config: atomic,
    edit: both(
      inFunction(f.take, "link = load_exclusive(first);", "link = *first; next = block_of(link)->next;"),
      inFunction(
        f.take,
        "(store_exclusive(first, block_of(link)->next) != 0U)",
        "((load_exclusive(first) != link) || (store_exclusive(first, next) != 0U))",
      ),
      inFunction(f.take, "uint32_t                 link;", "uint32_t link; uint32_t next;"),
    ),
  },
];

/** The same C without what keeps interrupts out. */
export const withoutLock = (lock: Lock): Edit => {
  switch (lock.kind) {
    case "primask":
      return both(text(masks, `"" : "=r"(state)`), text(unmasks, `"" : : "r"(state)`));
    case "mie":
      return both(text(clearsMie, `"" : "=r"(state)`), text(setsMie, `"" : : "r"(state)`));
    case "basepri":
      return both(text(raises, `"movs %0, #0"`), text(lowers, `"" : : "r"(state)`));
    case "custom":
      return both(
        text("return APP_HEAP_LOCK();", "return 0U;"),
        text("APP_HEAP_UNLOCK(state);", "(void)state;"),
      );
    case "none":
      return both(
        text(loadsExclusive, `"ldr %0, %1"`),
        text(
          storesExclusive,
          String.raw`"str %2, %1\n\tmov %0, #0" : "=&r"(failed), "=Q"(*word) : "r"(value) : "memory"`,
        ),
      );
  }
};

const policies: Readonly<Record<string, Partial<TestConfig> & Pick<TestConfig, "policy">>> = {
  "segregated fit": { policy: segregated() },
  "segregated fit, quick lists": { policy: segregated(quick()) },
  "segregated fit, all fields": {
    policy: segregated({ subdivisions: 4 }),
    fields: { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} },
  },
  "segregated fit, checksum": { policy: segregated(), fields: { checksum: { bits: 8 } } },
  "sequential fit, by address": { policy: sequential() },
  "sequential fit, best, in place": {
    policy: sequential({ fit: "best", order: "in-place", wilderness: "none" }),
    boundaryTag: "footer",
  },
  "sequential fit, next, deferred": {
    policy: sequential({ fit: "next", order: "lifo", coalesce: "deferred" }),
  },
  pools: { policy: pool([[32, 10], [64]]) },
  "pool, lazy": { policy: pool([[64]], { lazy: true }) },
  buddy: { policy: buddy() },
  bitmap: { policy: bitmap() },
  "boundary bits": { policy: segregated(), boundaryTag: "bits" },
  bump: { policy: bump(), api: { ...api, realloc: false, usableSize: false, walk: false } },
  "bump, lifo": { policy: bump("lifo") },
  "segregated fit, many heaps": {
    policy: segregated(),
    placement: { kind: "runtime", instances: "many" },
  },
  "segregated fit, by its first request": { policy: segregated(), init: "lazy" },
  "buddy, between symbols, by its first request": {
    policy: buddy(),
    init: "lazy",
    placement: { kind: "linker", start: "app_heap_start", end: "app_heap_end" },
  },
  "buddy, between symbols": {
    policy: buddy(),
    placement: { kind: "linker", start: "app_heap_start", end: "app_heap_end" },
  },
};

const locks: readonly Lock[] = [
  { kind: "primask" },
  { kind: "basepri", priority: 0x40 },
  { kind: "custom", header: "app_heap_lock.h" },
];

/** One core of each architecture that matters to masks; on RISC-V PRIMASK stands for MIE. */
const cores = ["cortex-m0plus", "cortex-m4", "cortex-m33", "rv32imac", "hazard3"] as const;
const withBasepri: readonly string[] = ["cortex-m4", "cortex-m33"];

export interface LockCase {
  readonly name: string;
  readonly config: TestConfig;
}

/** Every policy with every lock on every architecture that has it, and lists without a lock. */
export const lockCases: readonly LockCase[] = [
  ...Object.entries(policies).flatMap(([policy, parts]) =>
    locks.flatMap((lock) =>
      cores
        .filter((target) => lock.kind !== "basepri" || withBasepri.includes(target))
        .map((target): LockCase => ({
          name: `${policy}, ${lock.kind}, ${target}`,
          config: { ...small, ...parts, lock, target },
        })),
    ),
  ),
  ...(["cortex-m4", "cortex-m33"] as const).map((target) => ({
    name: `pools, atomic, ${target}`,
    config: { ...atomic, target },
  })),
];
