/** The resolved config: every default filled in, every size in bytes, every word checked. Input of the plan. */
import type { HeaderConfig } from "../header/config.js";
import type { MaskName } from "../machine/registry.js";
import type { Bytes } from "../units.js";
import type { ApiName, HardeningTier, InitMode, optimizations, workloadNames } from "./vocabulary.js";
export type { ApiName } from "./vocabulary.js";
import type { GlueChoice } from "../outputs/glue/config.js";
export type { HeaderConfig } from "../header/config.js";

export type Optimization = (typeof optimizations)[number];
export type WorkloadName = (typeof workloadNames)[number];

/** Which functions are generated beside init, malloc and free. */
export type Api = Readonly<Record<ApiName, boolean>>;

/** What is asked of realloc when it moves a block. */
export interface ReallocRules {
  /** The largest alignment of an address that the new address has too: a power of two above that of every payload. */
  readonly keepAlignment?: Bytes;
  /** Whether nothing is copied with the lock held. */
  readonly copyUnlocked?: true;
}

/** The policy, and what is chosen of it: the policy's folder says what that is, `policies/registry.ts` which there are. */
export interface PolicyChoice {
  /** The policy's name. */
  readonly kind: string;
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
  /** A mask of the core's; `priority` where the mask has one, as its register holds it. */
  | { readonly kind: MaskName; readonly priority?: number }
  /** Hooks of the user, declared in `header`. */
  | { readonly kind: "custom"; readonly header: string };

export interface Config<Policy extends PolicyChoice = PolicyChoice> {
  /** C identifier: the prefix of every public symbol. */
  readonly name: string;
  /** A folder of `targets/`. */
  readonly target: string;
  /** The chip that the target is the core of, where the config names one. It decides nothing of the C. */
  readonly chip?: {
    readonly name: string;
    /** The regions of its RAM that the heap is in, where the config says so. */
    readonly region?: { readonly name: string; readonly start: number; readonly bytes: number };
  };
  readonly heap: {
    readonly size: Bytes;
    /** Whether `size` is the most: how much there is init finds out. */
    readonly upTo?: true;
    /** A power of two, 4 to 64. */
    readonly alignment: Bytes;
    /** Bytes of a cache line that no payload may share with metadata: a power of two, 16 to 64. */
    readonly cacheLine?: Bytes;
    readonly placement: Placement;
  };
  readonly policy: Policy;
  readonly header: HeaderConfig;
  readonly limits: { readonly largest?: Bytes; readonly smallest?: Bytes };
  readonly zeroSize: "null" | "unique";
  readonly lock: Lock;
  /** Who calls init, where it is not the program. */
  readonly init?: Exclude<InitMode, "explicit">;
  readonly api: Api;
  readonly realloc?: ReallocRules;
  /** What misuse the C finds, and which function of the user's it tells; absent where it finds none. */
  readonly hardening?: { readonly tier: HardeningTier; readonly hook?: string };
  /** How the C tells if an address is the heap's, where a front asks for it: by a function, or by where the heap begins. */
  readonly owned?: true | "start";
  /** What is generated beside the C, in the config's order. */
  readonly outputs: readonly GlueChoice[];
  /** Functions that outputs call, each with the first output that does: they are part of `api`. */
  readonly neededBy: { readonly [Name in ApiName]?: string };
  readonly toolchain: { readonly compiler: string; readonly optimize: Optimization };
  readonly verify: {
    readonly seed: number;
    /** Operations of each generated workload. */
    readonly operations: number;
    readonly workloads: readonly WorkloadName[];
    /** Absolute paths. */
    readonly traces: readonly string[];
    /** Whether a wrong prediction of cycles fails the run. */
    readonly strict: boolean;
  };
  readonly budgets: Budgets;
}
