/** The configs that a search tries: a base config with another policy, other functions or another level. */
import type { Config, Optimization } from "../config/config.js";
import { parseConfigText, type LoadedConfig } from "../config/load.js";
import { parseHeapsText } from "../config/load-several.js";
import { AllocGenError, type Diagnostic } from "../diagnostics.js";
import { makePlan } from "../policies/make-plan.js";
import type { MultiHeapConfig } from "../outputs/multi-heap/config.js";
import type { Policies, Variant } from "../policies/policy.js";
import type { Project } from "../prepare.js";
import { listTargets, loadTarget } from "../targets/load.js";
import { roundUp } from "../units.js";
import { policies as allPolicies } from "../policies/registry.js";

import { frontValue, isObject, isOfFronts, objectOf, withLastHeap, type ConfigValue } from "./front-value.js";
import type { PoolsInFront } from "./pools.js";

export type { ConfigValue } from "./front-value.js";

export interface Candidate {
  readonly family: string;
  /** What it sets over the base, by the key's path: "policy.split" is "low". */
  readonly settings: Readonly<Record<string, string>>;
  readonly value: ConfigValue;
  /** Of its heap; where there are pools in front, of the heap behind them. */
  readonly project: Project;
  /** Heaps that are tried before, with the front over all. */
  readonly front?: CandidateFront;
}

export interface CandidateFront {
  readonly small: readonly Project[];
  readonly config: MultiHeapConfig;
}

export interface CandidateRequest {
  readonly base: ConfigValue;
  /** As messages name the base. */
  readonly file: string;
  /** Whether candidates with a realloc of their own are tried too, where the base has none. */
  readonly withRealloc: boolean;
  /** Pools to be tried in front of a general heap; none when left out. */
  readonly pools?: readonly PoolsInFront[];
  readonly policies?: Policies;
}

/**
 * Those that are sound on the base's target, in the order in which they are to be tried.
 * @throws AllocGenError, exit code 2: the base itself is faulty
 */
export function candidatesOf({ base, policies = allPolicies, ...request }: CandidateRequest): {
  readonly own: Candidate;
  readonly others: readonly Candidate[];
} {
  const own = candidateOf("as configured", base, {}, request.file);
  const { api } = own.project.plan;
  const adds = request.withRealloc && !api.realloc ? [false, true] : [false];
  const others = policies.flatMap(({ variants }) =>
    variants.flatMap(({ family, policy, header }) =>
      adds.flatMap((realloc) => {
        const value = {
          ...base,
          policy,
          ...(header === undefined ? {} : { header: { ...objectOf(base["header"]), ...header } }),
          ...(realloc ? { api: { ...objectOf(base["api"]), realloc } } : {}),
        };
        const settings = {
          ...flat("policy", policy),
          ...flat("header", header ?? {}),
          ...(realloc ? { "api.realloc": "true" } : {}),
        };
        const name = realloc ? `${family}, own realloc` : family;
        return sound(() => candidateOf(name, value, settings, request.file));
      }),
    ),
  );
  const front = policies.find(({ inFront }) => inFront !== undefined)?.inFront;
  const general = policies.flatMap(({ variants }) =>
    variants.filter(({ behindPools }) => behindPools === true),
  );
  const hybrids =
    front === undefined || !isOfFronts(base)
      ? []
      : general.flatMap((variant) =>
          adds.flatMap((realloc) =>
            (request.pools ?? []).flatMap((pools) =>
              sound(() => hybridOf({ base, file: request.file, realloc, pools, front }, variant)),
            ),
          ),
        );
  return { own, others: [...others, ...hybrids] };
}

interface HybridRequest {
  readonly base: ConfigValue;
  readonly file: string;
  readonly realloc: boolean;
  readonly pools: PoolsInFront;
  readonly front: NonNullable<Policies[number]["inFront"]>;
}

/** Pools, and the base config's heap with another policy behind them. */
function hybridOf({ base, file, realloc, pools, front }: HybridRequest, variant: Variant): Candidate {
  const policy = front(pools.classes);
  const parts = { base, realloc, policy, behind: variant };
  // The plan of a heap that is large enough says where the blocks end.
  const roomy = projectsOf(frontValue({ ...parts, bytes: 2 * pools.bytes + 1024 }), file).small[0];
  if (roomy === undefined) throw new Error("a front without pools");
  const { endOfBlocks, alignment } = roomy.plan;
  const value = frontValue({ ...parts, bytes: roundUp(endOfBlocks, alignment) });
  const settings = {
    ...flat("policy", variant.policy),
    ...flat("header", variant.header ?? {}),
    ...(realloc ? { "api.realloc": "true" } : {}),
    pools: pools.classes.map(({ blockBytes, count }) => `${count} x ${blockBytes}`).join(" + "),
  };
  const family = `pools, ${variant.family}${realloc ? ", own realloc" : ""}`;
  return candidateOf(family, value, settings, file);
}

/** The same at another level of optimisation, for a heap of another size. */
export function variedCandidate(
  candidate: Candidate,
  { optimize, heapBytes }: { readonly optimize: Optimization; readonly heapBytes: number },
): Candidate {
  const { value, family, settings, project } = candidate;
  const varied = {
    ...(candidate.front === undefined
      ? { ...value, heap: { ...objectOf(value["heap"]), size: heapBytes } }
      : withLastHeap(value, heapBytes - smallBytes(candidate.front))),
    toolchain: { ...objectOf(value["toolchain"]), optimize },
  };
  const { file } = project.loaded;
  return candidateOf(family, varied, { ...settings, "toolchain.optimize": optimize }, file);
}

function candidateOf(
  family: string,
  value: ConfigValue,
  settings: Readonly<Record<string, string>>,
  file: string,
): Candidate {
  if (!Array.isArray(value["heaps"])) return { family, settings, value, project: projectOf(value, file) };
  const { last, ...front } = projectsOf(value, file);
  return { family, settings, value, project: last, front };
}

/** @throws AllocGenError, exit code 2, as `projectOf` does */
function projectsOf(value: ConfigValue, file: string): CandidateFront & { readonly last: Project } {
  const { heaps, multiHeap } = parseHeapsText(JSON.stringify(value), file, {
    targets: listTargets(),
    check: planFaults,
  });
  const projects = heaps.map(plannedOf);
  const last = projects.at(-1);
  if (last === undefined || multiHeap === undefined) throw new Error("a front over no heaps");
  return { small: projects.slice(0, -1), last, config: multiHeap };
}

/** Bytes of the heaps in front of the last. */
export const smallBytes = ({ small }: CandidateFront): number =>
  small.reduce((sum, { plan }) => sum + plan.heapBytes, 0);

/** @throws AllocGenError, exit code 2: it is faulty, or there is no plan for it */
function projectOf(value: ConfigValue, file: string): Project {
  return plannedOf(
    parseConfigText(JSON.stringify(value), file, { targets: listTargets(), check: planFaults }),
  );
}

function planFaults(config: Config): readonly Diagnostic[] {
  try {
    makePlan(config, loadTarget(config.target));
    return [];
  } catch (error) {
    if (error instanceof AllocGenError) return error.diagnostics;
    throw error;
  }
}

function plannedOf(loaded: LoadedConfig): Project {
  const target = loadTarget(loaded.config.target);
  return { loaded, target, plan: makePlan(loaded.config, target) };
}

/** Nothing where there is no plan: not every policy has every function, or takes every header. */
function sound(make: () => Candidate): readonly Candidate[] {
  try {
    return [make()];
  } catch (error) {
    if (error instanceof AllocGenError) return [];
    throw error;
  }
}

/** "policy.quickLists.most" → "32" */
function flat(path: string, value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return { [path]: String(value) };
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]) => Object.entries(flat(`${path}.${key}`, below))),
  );
}
