/** The resolved config: every default filled in, every size in bytes, every word checked. Input of the plan. */
import type { Bytes } from "../units.js";
import type { bumpReleases } from "./bare-schema.js";
import type {
  apiNames,
  coalesceRules,
  fits,
  optimizations,
  orders,
  segregatedSplits,
  splits,
  ties,
  wildernessRules,
  workloadNames,
} from "./schema.js";

export type Fit = (typeof fits)[number];
export type ListOrder = (typeof orders)[number];
export type WildernessRule = (typeof wildernessRules)[number];
export type Ties = (typeof ties)[number];
export type Split = (typeof splits)[number];
export type CoalesceRule = (typeof coalesceRules)[number];
export type BumpRelease = (typeof bumpReleases)[number];
export type SegregatedSplit = (typeof segregatedSplits)[number];
export type Optimization = (typeof optimizations)[number];
export type WorkloadName = (typeof workloadNames)[number];
export type ApiName = (typeof apiNames)[number];

/** Which functions are generated beside init, malloc and free. */
export type Api = Readonly<Record<ApiName, boolean>>;

/** One list of free blocks, searched in order (Wilson et al. 1995, section 3.4). */
export interface SequentialFitConfig {
  readonly kind: "sequential-fit";
  readonly fit: Fit;
  readonly ties: Ties;
  readonly order: ListOrder;
  readonly split: Split;
  /** Blocks of fewer bytes, header included, are small; read when `split` is "two-ended" or "by-neighbour". */
  readonly smallBelow: Bytes;
  readonly wilderness: WildernessRule;
  readonly coalesce: CoalesceRule;
}

/** Size classes with a bitmap index (Wilson et al. 1995, section 3.6; Masmano et al. 2004). */
export interface SegregatedFitConfig {
  readonly kind: "segregated-fit";
  /** Classes to a doubling of the size: 1, 2, 4, … 32; a doubling with fewer sizes has a class for each. */
  readonly subdivisions: number;
  /** Look at the first block of the request's own class before the classes whose every block fits. */
  readonly probe: boolean;
  /**
   * Which end of a larger block a request gets: always the low one; the high one where it is small; or the high one
   * where its block is at least as large as the block behind.
   */
  readonly split: SegregatedSplit;
  /** Blocks of fewer bytes, header included, are small; read when `split` is "two-ended". */
  readonly smallBelow: Bytes;
  /** Freed blocks are listed as they are, and merge when a request fails; at once when left out. */
  readonly coalesce?: "deferred";
  /** Freed blocks are kept for requests of the same size; when left out none are. */
  readonly quickLists?: QuickListsConfig;
}

/** Quick lists (Wilson et al. 1995, section 3.11): a list of freed blocks for each small size, which do not merge. */
export interface QuickListsConfig {
  /** The largest request that has a list. */
  readonly upTo: Bytes;
  /** Most blocks in all lists together. */
  readonly most: number;
}

/** An arena (Wilson et al. 1995, section 3.1): blocks are cut from the end of what is left. */
export interface BumpConfig {
  readonly kind: "bump";
  /** What gives memory back: init alone, or also the free of the block allocated last, and marks. */
  readonly release: BumpRelease;
}

/** Simple segregated storage (Wilson et al. 1995, section 3.6): blocks are never split nor merged. */
export interface PoolConfig {
  readonly kind: "pool";
  /** By size, which is a multiple of the alignment. At most one class has no count: it takes what is left. */
  readonly classes: readonly { readonly blockBytes: Bytes; readonly count?: number }[];
  readonly fallback: boolean;
  readonly lazy: boolean;
  readonly atomic: boolean;
}

/** Bitmapped fit (Wilson et al. 1995, section 3.7): a bit a granule says what is in use, a second where blocks end. */
export interface BitmapConfig {
  readonly kind: "bitmap";
  /** A power of two times the alignment. */
  readonly granule: Bytes;
}

/** Binary buddies (Knowlton 1965; Wilson et al. 1995, section 3.5). */
export interface BuddyConfig {
  readonly kind: "buddy";
  /** The smallest block: a power of two, the alignment or more. */
  readonly smallest: Bytes;
}

export type PolicyConfig =
  SequentialFitConfig | SegregatedFitConfig | BumpConfig | PoolConfig | BitmapConfig | BuddyConfig;
/** Policies that work end to end. */
export type PolicyName = PolicyConfig["kind"];

/** Fields asked for beside those the policy needs; widths in bits, undefined where the plan decides. */
export interface HeaderConfig {
  readonly boundaryTag: "auto" | "none" | "prevSize" | "footer";
  readonly links: {
    readonly place: "intrusive" | "slots";
    readonly width: "auto" | 16 | 32;
    readonly form: "auto" | "single" | "double";
    /** Slots of the side table; read when `place` is "slots". */
    readonly slots: number;
  };
  readonly fields: {
    readonly size: { readonly bits?: number; readonly unit: "auto" | "granules" | "bytes" };
    readonly free?: true;
    readonly prevFree?: true;
    readonly prevSize?: { readonly bits?: number };
    readonly requested?: { readonly bits?: number };
    readonly magic?: { readonly bits: number; readonly value: number };
    readonly tag?: { readonly bits: number };
    /** 4 to 16 bits. */
    readonly checksum?: { readonly bits: number };
    readonly padding?: { readonly bits: number };
  };
}

/** Limits on modelled cycles. */
export interface CycleLimits {
  readonly worst?: number;
  readonly mean?: number;
  /** On the proven bound, where there is one. */
  readonly bound?: number;
}

export interface Budgets {
  readonly cycles: { readonly malloc?: CycleLimits; readonly free?: CycleLimits };
  /** On the longest time that interrupts wait, in modelled cycles. */
  readonly interruptLatency?: number;
  readonly flash?: Bytes;
  readonly ram?: Bytes;
  readonly stack?: Bytes;
}

/** Where the heap's bytes come from. */
export type Placement =
  /** An array in the generated file; without a section it is in .bss. */
  | { readonly kind: "static"; readonly section?: string }
  /** What lies between two symbols of the linker script. */
  | { readonly kind: "linker"; readonly start: string; readonly end: string }
  /** A region handed to init; with "many", functions take the heap as their first parameter. */
  | { readonly kind: "runtime"; readonly instances: "one" | "many" };

/** What keeps interrupts out while a function works on the heap. */
export type Lock =
  | { readonly kind: "none" }
  | { readonly kind: "primask" }
  /** `priority` is what BASEPRI gets: 1 to 255, as the register holds it. */
  | { readonly kind: "basepri"; readonly priority: number }
  /** Hooks of the user, declared in `header`. */
  | { readonly kind: "custom"; readonly header: string };

export interface Config {
  /** C identifier: the prefix of every public symbol. */
  readonly name: string;
  /** A folder of `targets/`. */
  readonly target: string;
  readonly heap: {
    readonly size: Bytes;
    /** A power of two, 4 to 64. */
    readonly alignment: Bytes;
    readonly placement: Placement;
  };
  readonly policy: PolicyConfig;
  readonly header: HeaderConfig;
  readonly limits: { readonly largest?: Bytes; readonly smallest?: Bytes };
  readonly zeroSize: "null" | "unique";
  readonly lock: Lock;
  readonly api: Api;
  /** Whether the C tells if an address is the heap's: a front asks for it. */
  readonly owned?: true;
  readonly toolchain: { readonly compiler: string; readonly optimize: Optimization };
  readonly verify: {
    readonly seed: number;
    /** Operations of each generated workload. */
    readonly operations: number;
    readonly workloads: readonly WorkloadName[];
    /** Absolute paths. */
    readonly traces: readonly string[];
  };
  readonly budgets: Budgets;
}
