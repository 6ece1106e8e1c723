/** What the plan asks of a policy, and what it gets. */
import type { Api, ApiName, Config, HeaderConfig, PolicyChoice } from "../config/config.js";
import type { HardeningTier } from "../config/vocabulary.js";
import type { Diagnostic } from "../diagnostics.js";
import type { Target } from "../targets/target.js";
import type { UnitBytes } from "../units.js";
import type { HeaderNeeds, HeaderlessNeeds } from "../header/needs.js";
import type { HeaderLayout } from "../header/layout.js";
import type { Coalescing, EndHeader, Evidence, Plan, PolicyNumbers } from "./plan.js";
import type { PolicyRules } from "./policy-rules.js";

/** A member of the control data before it has its place. */
export interface ControlMember {
  readonly name: string;
  /** Of one element. */
  readonly bytes: UnitBytes;
  /** Elements, 1 or more. */
  readonly count: number;
  /** Its numbers are links, where links are addresses. */
  readonly isLink?: true;
  readonly meaning: string;
}

/** What the policy's own part of the plan may depend on. */
export interface PlanBasis {
  readonly header: HeaderLayout;
  readonly api: Api;
  /** Whether the C finds misuse. */
  readonly isHardened: boolean;
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

export interface PolicyPart<Numbers extends PolicyNumbers = PolicyNumbers> {
  readonly policy: Numbers;
  readonly control: readonly ControlMember[];
  readonly endHeader: EndHeader;
  readonly coalescing: Coalescing;
  /** Largest block size that a heap serves whose only free block has `freeBytes`. */
  readonly largestServedBytes: (freeBytes: number) => number;
  /** Bytes of all blocks of an empty heap; all from the first block to the end of the last when left out. */
  readonly emptyBytes?: number;
  /** Where a policy sets out its blocks itself. */
  readonly space?: BlockSpace;
}

/** Offsets and sizes in bytes. */
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

/** Functions that are not generated, and why; those that are not named are. */
export type Refusals = Readonly<Partial<Record<ApiName, string>>>;

/** What a policy's C can find of misuse. */
export interface HardeningOffer {
  /** What pointers, links and sizes are held against; blocks and links on both sides of them when left out. */
  readonly evidence?: Evidence;
  readonly tiers: readonly HardeningTier[];
  /** Functions that follow what a block says of itself, and check it: none when left out. */
  readonly functions?: readonly ApiName[];
  /** Why none of them goes with the rest of the config: the end of a sentence. */
  readonly refusal?: string;
}

/** A policy as the plan sees it. Its functions throw where the config is one of another policy. */
export interface PlanningPolicy<Numbers extends PolicyNumbers = PolicyNumbers> {
  /** The config with what the policy chooses by the heap's size and by what the core can. */
  formed(config: Config, target: Target): Config;
  /** The header the policy needs, or why the config's header does not serve it. */
  headerNeeds(
    policy: PolicyChoice,
    header: HeaderConfig,
    alignment: number,
    api: Api,
    isHardened: boolean,
  ): HeaderNeeds | HeaderlessNeeds | readonly Diagnostic[];
  /** The functions beside malloc and free that the policy cannot give, wanted or not. */
  refusedFunctions(config: Config): Refusals;
  /** Which tiers of hardening there are, and why the config cannot have one of them. */
  hardening(config: Config): HardeningOffer;
  /** What of the rest of the config, or of the target, the policy cannot work with. */
  refuse(config: Config, target: Target): readonly Diagnostic[];
  /** The policy's numbers and control data. Its largest members come first, so that none needs padding. */
  plan(policy: PolicyChoice, basis: PlanBasis): PolicyPart<Numbers> | readonly Diagnostic[];
  /** What it does with a heap of these numbers, which are its own. */
  rulesOf(numbers: PolicyNumbers): PolicyRules<Plan>;
}
