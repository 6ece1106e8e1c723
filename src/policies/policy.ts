/** What a policy is. One folder a policy; `registry.ts` lists them. */
import type { z } from "zod";
import type { Api, Config as HeapConfig, HeaderConfig, PolicyChoice } from "../config/config.js";
import type { Report } from "../config/report.js";
import type { PolicySchema } from "../config/schema.js";
import type { Diagnostic } from "../diagnostics.js";
import type { BoundaryChoice } from "../header/boundary-tag.js";
import type { HeaderNeeds, HeaderlessNeeds } from "../header/needs.js";
import type { HeaderPreset } from "../header/resolve.js";
import type { Plan, PolicyNumbers } from "../plan/plan.js";
import type { HardeningOffer, PlanBasis, PlanningPolicy, PolicyPart, Refusals } from "../plan/policy-part.js";
import type { HeaderlessBlocks, PolicyRules } from "../plan/policy-rules.js";
import type { Target } from "../targets/target.js";
import type { Bytes } from "../units.js";

export type { BlockSpace, ControlMember, PlanBasis, PolicyPart, Refusals } from "../plan/policy-part.js";
export type { Choice, LoopLimits, WordLimit } from "../plan/policy-rules.js";

/** How `init` offers a policy, or a preset of it. */
export interface Starter {
  /** What the user chooses. */
  readonly name: string;
  /** A few words beside the name. */
  readonly hint: string;
  /** The key `policy` of a new config, with its comments: whole lines. */
  readonly text: string;
}

/** A way to choose the policy that may suit a program: what a search for the best config tries. */
export interface Variant {
  /** Variants of one family need about as much memory; of those that do, the fastest is taken. */
  readonly family: string;
  /** The key `policy` of a config. */
  readonly policy: PolicyChoice & Readonly<Record<string, unknown>>;
  /** Keys of a config's `header` that it needs. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Whether it is tried behind pools too: a heap for requests of any size. */
  readonly behindPools?: true;
}

/** Blocks of one size. */
export interface BlockClass {
  /** A multiple of the alignment. */
  readonly blockBytes: number;
  readonly count: number;
}

/** A policy as its folder defines it: in the types of its keys, of its resolved config and of its numbers. */
export interface PolicyDefinition<
  Input extends PolicyChoice,
  Config extends PolicyChoice,
  Numbers extends PolicyNumbers,
> {
  /** The config's `policy.kind`, and the folder's name in `templates/policies`. */
  readonly name: Input["kind"] & Config["kind"] & Numbers["kind"];
  /** Its keys, with a description each. */
  readonly schema: PolicySchema & z.ZodType<Input>;
  /** Whether its blocks alone decide which alignments an aligned allocation may have. */
  readonly isBlockAligned?: true;
  /** At least one. */
  readonly starters: readonly Starter[];
  /** For any program, the most usual first in each family; none when left out. */
  readonly variants?: readonly Variant[];
  /** The key `policy` of a heap for requests of a few sizes, in front of another heap; where the policy serves nothing else. */
  readonly inFront?: (classes: readonly BlockClass[]) => Variant["policy"];
  /**
   * The config as meant: defaults filled in, sizes in bytes. Faulty values are reported, and stand-ins taken for them.
   * @param written what the schema takes, but for faulty values, which are left out
   * @param alignment of payloads, in bytes
   * @param boundaryTag what the config says of it, or "auto"
   */
  resolve(written: Input, alignment: Bytes, report: Report, boundaryTag: BoundaryChoice): Config;
  headerPreset?(written: Input): HeaderPreset | undefined;
  /** The config with what the policy chooses by the heap's size, and leaves open until then; as it is when left out. */
  formed?(policy: Config, config: HeapConfig, target: Target): HeapConfig;
  /** The header the policy needs, or why the config's header does not serve it. */
  headerNeeds(
    policy: Config,
    header: HeaderConfig,
    alignment: number,
    api: Api,
    isHardened: boolean,
  ): HeaderNeeds | HeaderlessNeeds | readonly Diagnostic[];
  /** The functions beside malloc and free that the policy cannot give; none when left out. */
  refusedFunctions?(policy: Config, config: HeapConfig): Refusals;
  /** What its C can find of misuse; nothing when left out. */
  hardening?(policy: Config, config: HeapConfig): HardeningOffer;
  /** What of the rest of the config, or of the target, the policy cannot work with; nothing when left out. */
  refuse?(policy: Config, config: HeapConfig, target: Target): readonly Diagnostic[];
  /** The policy's numbers and control data. Its largest members come first, so that none needs padding. */
  plan(policy: Config, basis: PlanBasis): PolicyPart<Numbers> | readonly Diagnostic[];
  /** One for all plans, or one for the numbers of each: of a policy whose blocks have several forms. */
  readonly rules: PolicyRules<Plan<Numbers>> | ((numbers: Numbers) => PolicyRules<Plan<Numbers>>);
}

/** A policy among others: its functions take any config or plan, and throw where it is one of another policy. */
export interface Policy<
  Config extends PolicyChoice = PolicyChoice,
  Numbers extends PolicyNumbers = PolicyNumbers,
> extends PlanningPolicy<Numbers> {
  readonly name: string;
  readonly schema: PolicySchema;
  readonly isBlockAligned: boolean;
  readonly starters: readonly Starter[];
  readonly variants: readonly Variant[];
  readonly inFront?: (classes: readonly BlockClass[]) => Variant["policy"];
  resolve(written: PolicyChoice, alignment: Bytes, report: Report, boundaryTag: BoundaryChoice): Config;
  headerPreset(written: PolicyChoice): HeaderPreset | undefined;
  /** Whether the config is this policy's. */
  isChosen(policy: PolicyChoice): policy is Config;
  /** Whether the plan is this policy's. */
  owns(plan: Plan): plan is Plan<Numbers>;
}

/** The policies there are: at least one. */
export type Policies = readonly [Policy, ...Policy[]];

/** Closes a policy over its own types: the one place where configs and plans of any policy become those of one. */
export function definePolicy<
  Input extends PolicyChoice,
  Config extends PolicyChoice,
  Numbers extends PolicyNumbers,
>(definition: PolicyDefinition<Input, Config, Numbers>): Policy<Config, Numbers> {
  const { name } = definition;
  const isChosen = (policy: PolicyChoice): policy is Config => policy.kind === name;
  const owns = (plan: Plan): plan is Plan<Numbers> => plan.policy.kind === name;
  const ownsNumbers = (numbers: PolicyNumbers): numbers is Numbers => numbers.kind === name;
  const isWritten = (policy: PolicyChoice): policy is Input => policy.kind === name;
  const written = (policy: PolicyChoice): Input => {
    if (!isWritten(policy)) throw new Error(`keys of ${policy.kind}, not of ${name}`);
    return policy;
  };
  const chosen = (policy: PolicyChoice): Config => {
    if (!isChosen(policy)) throw new Error(`a config of ${policy.kind}, not of ${name}`);
    return policy;
  };
  const own = (plan: Plan): Plan<Numbers> => {
    if (!owns(plan)) throw new Error(`a plan of ${plan.policy.kind}, not of ${name}`);
    return plan;
  };
  return {
    name,
    schema: definition.schema,
    isBlockAligned: definition.isBlockAligned === true,
    starters: definition.starters,
    variants: definition.variants ?? [],
    ...(definition.inFront === undefined ? {} : { inFront: definition.inFront }),
    resolve: (policy, alignment, report, boundaryTag) =>
      definition.resolve(written(policy), alignment, report, boundaryTag),
    headerPreset: (policy) => definition.headerPreset?.(written(policy)),
    isChosen,
    owns,
    formed: (config, target) => definition.formed?.(chosen(config.policy), config, target) ?? config,
    headerNeeds: (policy, header, alignment, api, isHardened) =>
      definition.headerNeeds(chosen(policy), header, alignment, api, isHardened),
    hardening: (config) => definition.hardening?.(chosen(config.policy), config) ?? { tiers: [] },
    refusedFunctions: (config) => definition.refusedFunctions?.(chosen(config.policy), config) ?? {},
    refuse: (config, target) => definition.refuse?.(chosen(config.policy), config, target) ?? [],
    plan: (policy, basis) => definition.plan(chosen(policy), basis),
    rulesOf: (numbers) => {
      const { rules } = definition;
      if (!ownsNumbers(numbers)) throw new Error(`numbers of ${numbers.kind}, not of ${name}`);
      return closedRules(typeof rules === "function" ? rules(numbers) : rules, own);
    },
  };
}

function closedRules<Own extends Plan>(rules: PolicyRules<Own>, own: (plan: Plan) => Own): PolicyRules<Plan> {
  const { headerlessBlocks } = rules;
  return {
    source: (plan) => rules.source(own(plan)),
    constants: (plan) => rules.constants(own(plan)),
    asserts: (plan) => rules.asserts(own(plan)),
    view: (plan) => rules.view(own(plan)),
    ...(headerlessBlocks === undefined ? {} : { headerlessBlocks: closedBlocks(headerlessBlocks, own) }),
    isLockFree: (plan) => rules.isLockFree?.(own(plan)) ?? false,
    choices: (plan) => rules.choices(own(plan)),
    largestRequestMerges: (plan) => rules.largestRequestMerges?.(own(plan)) ?? false,
    loopLimits: (plan) => rules.loopLimits(own(plan)),
    fragmentation: (plan) => rules.fragmentation(own(plan)),
    wordLimits: (plan) => rules.wordLimits(own(plan)),
    layout: (plan) => rules.layout(own(plan)),
    read: (plan, heap) => rules.read(own(plan), heap),
    inspect: (plan, heap) => rules.inspect(own(plan), heap),
    unfinished: (plan, heap, inspection) => rules.unfinished?.(own(plan), heap, inspection),
    reference: (plan) => rules.reference(own(plan)),
  };
}

const closedBlocks = <Own extends Plan>(
  blocks: HeaderlessBlocks<Own>,
  own: (plan: Plan) => Own,
): HeaderlessBlocks<Plan> => ({
  draw: (plan) => blocks.draw(own(plan)),
  declare: (plan, field) => blocks.declare(own(plan), field),
  decoder: blocks.decoder,
});
