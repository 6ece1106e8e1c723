/** What a policy gives to the pipeline. One folder a policy; `registry.ts` lists them. */
import type { HeaderConfig, PolicyConfig } from "../config/config.js";
import type { Diagnostic } from "../diagnostics.js";
import type { HeaderNeeds } from "../plan/header-layout.js";
import type { EndHeader, HeaderLayout, Plan, PolicyPlan, UnitBytes } from "../plan/plan.js";
import type { ReferenceHeap } from "../reference/reference-heap.js";
import type { Constant, StaticAssert } from "../emit/c-text.js";
import type { View } from "../emit/view.js";

/** A member of the control data before it has its place. */
export interface ControlMember {
  readonly name: string;
  readonly bytes: UnitBytes;
  readonly count: number;
  readonly meaning: string;
}

/** What the policy's own part of the plan may depend on. */
export interface PlanBasis {
  readonly header: HeaderLayout;
  readonly granuleBytes: number;
  readonly minimumBlockBytes: number;
  /** No block is larger. */
  readonly largestBlockBytes: number;
  /** Block size of the largest request. */
  readonly largestNeedBytes: number;
}

export interface PolicyPart {
  readonly policy: PolicyPlan;
  readonly control: readonly ControlMember[];
  readonly endHeader: EndHeader;
  /** Largest block size that a heap serves whose only free block has `freeBytes`. */
  readonly largestServedBytes: (freeBytes: number) => number;
}

/**
 * Most times that loops go round in one call, by the words of the comments in front of them: "Loop: at most once a
 * listed block." counts "listed block". Loops with the same words go round that often together.
 */
export interface LoopLimits {
  readonly malloc: Readonly<Record<string, number>>;
  readonly free: Readonly<Record<string, number>>;
}

export interface Policy<Config extends PolicyConfig> {
  /** The header the policy needs, or why the config's header does not serve it. */
  headerNeeds(policy: Config, header: HeaderConfig): HeaderNeeds | readonly Diagnostic[];
  /** The policy's numbers and control data. Its largest members come first, so that none needs padding. */
  plan(policy: Config, basis: PlanBasis): PolicyPart | readonly Diagnostic[];
  /** Constants of the C beside the common ones. */
  constants(plan: Plan): readonly Constant[];
  /** What the C asserts of them. */
  asserts(plan: Plan): readonly StaticAssert[];
  /** What the policy's templates are given beside the common view. */
  view(plan: Plan): View;
  /** For the loops whose end depends on the heap; those that run a fixed number of times need no limit. */
  loopLimits(plan: Plan): LoopLimits;
  /**
   * Numbers of the control data that never exceed a limit, by their bytes' offset from the heap's start: facts of every
   * heap that paths through the code may be ruled out by.
   */
  wordLimits(
    plan: Plan,
  ): readonly { readonly offset: number; readonly bytes: number; readonly most: number }[];
  /** An empty reference heap. */
  reference(plan: Plan): ReferenceHeap;
}
