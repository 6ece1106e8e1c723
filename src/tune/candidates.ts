/** The configs that a search tries: a base config with another policy, other functions or another level. */
import type { Config, Optimization } from "../config/config.js";
import { parseConfigText } from "../config/load.js";
import { AllocGenError, type Diagnostic } from "../diagnostics.js";
import { makePlan } from "../policies/make-plan.js";
import type { Policies } from "../policies/policy.js";
import type { Project } from "../prepare.js";
import { listTargets, loadTarget } from "../targets/load.js";
import { policies as allPolicies } from "../policies/registry.js";

/** The value of a config as it is written: its keys. */
export type ConfigValue = Readonly<Record<string, unknown>>;

export interface Candidate {
  readonly family: string;
  /** What it sets over the base, by the key's path: "policy.split" is "low". */
  readonly settings: Readonly<Record<string, string>>;
  readonly value: ConfigValue;
  readonly project: Project;
}

export interface CandidateRequest {
  readonly base: ConfigValue;
  /** As messages name the base. */
  readonly file: string;
  /** Whether candidates with a realloc of their own are tried too, where the base has none. */
  readonly withRealloc: boolean;
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
  return { own, others };
}

/** The same at another level of optimisation, for a heap of another size. */
export function variedCandidate(
  candidate: Candidate,
  { optimize, heapBytes }: { readonly optimize: Optimization; readonly heapBytes: number },
): Candidate {
  const { value, family, settings, project } = candidate;
  const varied = {
    ...value,
    heap: { ...objectOf(value["heap"]), size: heapBytes },
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
  return { family, settings, value, project: projectOf(value, file) };
}

/** @throws AllocGenError, exit code 2: it is faulty, or there is no plan for it */
function projectOf(value: ConfigValue, file: string): Project {
  const check = (config: Config): readonly Diagnostic[] => {
    try {
      makePlan(config, loadTarget(config.target));
      return [];
    } catch (error) {
      if (error instanceof AllocGenError) return error.diagnostics;
      throw error;
    }
  };
  const loaded = parseConfigText(JSON.stringify(value), file, { targets: listTargets(), check });
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

const isObject = (value: unknown): value is ConfigValue =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const objectOf = (value: unknown): ConfigValue => (isObject(value) ? value : {});

/** "policy.quickLists.most" → "32" */
function flat(path: string, value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return { [path]: String(value) };
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, below]) => Object.entries(flat(`${path}.${key}`, below))),
  );
}
