/** What a policy is. One folder a policy; `registry.ts` lists them. */
import type { Api, Config as HeapConfig, HeaderConfig, PolicyChoice } from "../config/config.js";
import type { Diagnostic } from "../diagnostics.js";
import type { HeaderNeeds, NoHeader } from "../plan/header-layout.js";
import type { Plan, PolicyNumbers } from "../plan/plan.js";
import type { PlanBasis, PlanningPolicy, PolicyPart, Refusals } from "../plan/policy-part.js";
import type { OwnBlocks, PolicyRules } from "../plan/policy-rules.js";
import type { Target } from "../targets/target.js";

export type { BlockSpace, ControlMember, PlanBasis, PolicyPart, Refusals } from "../plan/policy-part.js";
export type { Choice, LoopLimits, MemoryReader, MemorySnapshot, WordLimit } from "../plan/policy-rules.js";

/** A policy as its folder defines it: in the types of its own config and of its own numbers. */
export interface PolicyDefinition<Config extends PolicyChoice, Numbers extends PolicyNumbers> {
  /** The config's `policy.kind`, and the folder's name in `templates/policies`. */
  readonly name: Config["kind"] & Numbers["kind"];
  /** The header the policy needs, or why the config's header does not serve it. */
  headerNeeds(
    policy: Config,
    header: HeaderConfig,
    alignment: number,
    api: Api,
  ): HeaderNeeds | NoHeader | readonly Diagnostic[];
  /** The functions beside malloc and free that the policy cannot give; none when left out. */
  refusedFunctions?(policy: Config, config: HeapConfig): Refusals;
  /** What of the rest of the config, or of the target, the policy cannot work with; nothing when left out. */
  refuse?(policy: Config, config: HeapConfig, target: Target): readonly Diagnostic[];
  /** The policy's numbers and control data. Its largest members come first, so that none needs padding. */
  plan(policy: Config, basis: PlanBasis): PolicyPart<Numbers> | readonly Diagnostic[];
  readonly rules: PolicyRules<Plan<Numbers>>;
}

/** A policy among others: its functions take any config or plan, and throw where it is one of another policy. */
export interface Policy<
  Config extends PolicyChoice = PolicyChoice,
  Numbers extends PolicyNumbers = PolicyNumbers,
> extends PlanningPolicy<Numbers> {
  readonly name: string;
  /** Whether the config is this policy's. */
  isChosen(policy: PolicyChoice): policy is Config;
  /** Whether the plan is this policy's. */
  owns(plan: Plan): plan is Plan<Numbers>;
}

/** Closes a policy over its own types: the one place where configs and plans of any policy become those of one. */
export function definePolicy<Config extends PolicyChoice, Numbers extends PolicyNumbers>(
  definition: PolicyDefinition<Config, Numbers>,
): Policy<Config, Numbers> {
  const { name } = definition;
  const isChosen = (policy: PolicyChoice): policy is Config => policy.kind === name;
  const owns = (plan: Plan): plan is Plan<Numbers> => plan.policy.kind === name;
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
    isChosen,
    owns,
    headerNeeds: (policy, header, alignment, api) =>
      definition.headerNeeds(chosen(policy), header, alignment, api),
    refusedFunctions: (config) => definition.refusedFunctions?.(chosen(config.policy), config) ?? {},
    refuse: (config, target) => definition.refuse?.(chosen(config.policy), config, target) ?? [],
    plan: (policy, basis) => definition.plan(chosen(policy), basis),
    rules: closedRules(definition.rules, own),
  };
}

function closedRules<Own extends Plan>(rules: PolicyRules<Own>, own: (plan: Plan) => Own): PolicyRules<Plan> {
  const { ownBlocks } = rules;
  return {
    constants: (plan) => rules.constants(own(plan)),
    asserts: (plan) => rules.asserts(own(plan)),
    view: (plan) => rules.view(own(plan)),
    ...(ownBlocks === undefined ? {} : { ownBlocks: closedBlocks(ownBlocks, own) }),
    choices: (plan) => rules.choices(own(plan)),
    loopLimits: (plan) => rules.loopLimits(own(plan)),
    wordLimits: (plan) => rules.wordLimits(own(plan)),
    layout: (plan) => rules.layout(own(plan)),
    inspect: (plan, heap) => rules.inspect(own(plan), heap),
    reference: (plan) => rules.reference(own(plan)),
  };
}

const closedBlocks = <Own extends Plan>(
  blocks: OwnBlocks<Own>,
  own: (plan: Plan) => Own,
): OwnBlocks<Plan> => ({
  draw: (plan) => blocks.draw(own(plan)),
  declare: (plan, field) => blocks.declare(own(plan), field),
  read: (plan, memory) => blocks.read(own(plan), memory),
});
