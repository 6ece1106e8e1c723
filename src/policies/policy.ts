/** What a policy gives to the pipeline. One folder a policy; `registry.ts` lists them. */
import type { Api, Config as HeapConfig, HeaderConfig, PolicyConfig } from "../config/config.js";
import type { Diagnostic } from "../diagnostics.js";
import type { HeapLayout } from "../layout/layout.js";
import type { HeaderNeeds, NoHeader } from "../plan/header-layout.js";
import type { ControlField, EndHeader, HeaderLayout, Plan, PolicyPlan, UnitBytes } from "../plan/plan.js";
import type { ReferenceHeap } from "../reference/reference-heap.js";
import type { Target } from "../targets/target.js";
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
  readonly api: Api;
  /** Members of the control data behind the policy's own. */
  readonly figures: readonly ControlMember[];
  /** Largest alignment that an aligned allocation is wanted for. */
  readonly maximumAlignment: number;
  readonly heapBytes: number;
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
  /** Where a policy sets out its blocks itself. */
  readonly space?: BlockSpace;
}

export interface BlockSpace {
  readonly minimumBlockBytes: number;
  /** Where the first block begins: behind the control data, figures included. */
  readonly firstBlock: number;
  /** What the heap's address must be a multiple of; the alignment when left out. */
  readonly heapAlignment?: number;
  /** Largest alignment that blocks can have; what is wanted when left out. */
  readonly maximumAlignment?: number;
  /** Where the last block ends. */
  readonly endOfBlocks: number;
  /** Size of the heap from which on all this has room. */
  readonly needed: number;
}

/**
 * Most times that loops go round in one call, by the words of the comments in front of them: "Loop: at most once a
 * listed block." counts "listed block". Loops with the same words go round that often together.
 */
export interface LoopLimits {
  readonly malloc: Readonly<Record<string, number>>;
  readonly free: Readonly<Record<string, number>>;
  /** Of realloc, beyond a malloc, two frees and a copy. */
  readonly realloc?: Readonly<Record<string, number>>;
  /** Of the functions that look at the heap, by their names, where they do not walk over headers. */
  readonly looks?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What of the heap is drawn and read by the header where there is one. */
export interface OwnBlocks {
  /** The two or more forms of a block and what is kept of it, as lines of the C comment. */
  draw(plan: Plan): readonly string[];
  /** What each choice of the config costs, for `explain`. */
  choices(plan: Plan): readonly Choice[];
  /** C declaration of a member of the control data whose type is the policy's own, without the semicolon. */
  declare(plan: Plan, field: ControlField): string | undefined;
  /** The heap as its memory tells it. @throws RangeError where the memory is damaged. */
  read(plan: Plan, memory: MemoryReader): MemorySnapshot;
}

/** A choice of the config, and what it costs or saves. */
export interface Choice {
  readonly choice: string;
  readonly costs: string;
}

/** Numbers of the heap's memory. */
export interface MemoryReader {
  /** @throws RangeError outside the heap. */
  number(offset: number, bytes: UnitBytes): number;
  /** An element of the control data. */
  control(name: string, index?: number): number;
}

export interface MemorySnapshot {
  /** By address; gaps are what was never handed out. */
  readonly blocks: readonly { readonly start: number; readonly size: number; readonly free: boolean }[];
  /** Starts of the listed free blocks, in list order, list after list. */
  readonly freeList: readonly number[];
}

export interface Policy<Config extends PolicyConfig> {
  /** The header the policy needs, or why the config's header does not serve it. */
  headerNeeds(
    policy: Config,
    header: HeaderConfig,
    alignment: number,
    api: Api,
  ): HeaderNeeds | NoHeader | readonly Diagnostic[];
  /** What of the rest of the config, or of the target, the policy cannot work with. */
  refuse?(policy: Config, config: HeapConfig, target: Target): readonly Diagnostic[];
  /** The policy's numbers and control data. Its largest members come first, so that none needs padding. */
  plan(policy: Config, basis: PlanBasis): PolicyPart | readonly Diagnostic[];
  /** Constants of the C beside the common ones. */
  constants(plan: Plan): readonly Constant[];
  /** What the C asserts of them. */
  asserts(plan: Plan): readonly StaticAssert[];
  /** What the policy's templates are given beside the common view. */
  view(plan: Plan): View;
  /** What stands in memory, of a policy whose blocks have no header. */
  readonly ownBlocks?: OwnBlocks;
  /** For the loops whose end depends on the heap; those that run a fixed number of times need no limit. */
  loopLimits(plan: Plan): LoopLimits;
  /**
   * Numbers of the control data that never exceed a limit, by their bytes' offset from the heap's start: facts of every
   * heap that paths through the code may be ruled out by.
   */
  wordLimits(
    plan: Plan,
  ): readonly { readonly offset: number; readonly bytes: number; readonly most: number }[];
  /** How the heap lies in memory, for those who read a dump of it. */
  layout(plan: Plan): HeapLayout;
  /** An empty reference heap. */
  reference(plan: Plan): ReferenceHeap;
}
