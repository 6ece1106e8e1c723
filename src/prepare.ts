/** From a config to what is known of its heaps before anything is built: config, target, plan, outputs. */
import type { Config } from "./config/config.js";
import type { LoadedConfig } from "./config/load.js";
import { chooseHeap, loadHeaps, type LoadedHeaps } from "./config/load-several.js";
import { AllocGenError, type Diagnostic } from "./diagnostics.js";
import type { Palette } from "./header/palette.js";
import { chooseOutputs, type OutputRequests } from "./outputs/choose.js";
import type { ChosenOutput, Output } from "./outputs/output.js";
import { takenNames } from "./outputs/c/taken-names.js";
import { isPackage } from "./outputs/packages/config.js";
import { allOutputs } from "./outputs/registry.js";
import { makePlan } from "./policies/make-plan.js";
import type { Policies } from "./policies/policy.js";
import { refusedGlue } from "./config/resolve-outputs.js";
import { hasHeaders, type Plan } from "./plan/plan.js";
import { compilerOfMachine } from "./config/compiler.js";
import { machineOf } from "./machine/registry.js";
import { listTargets, loadTarget } from "./targets/load.js";
import type { Target } from "./targets/target.js";

/** A config that is known to be sound, with the plan it leads to. */
export interface Project {
  readonly loaded: LoadedConfig;
  readonly target: Target;
  readonly plan: Plan;
}

/** All heaps of a config, and what is written of them. */
export interface Heaps {
  /** In the order of the config, at least one. */
  readonly projects: readonly Project[];
  readonly outputs: readonly ChosenOutput[];
}

export interface PrepareOptions {
  readonly target?: string;
  /** Stands for the target: the core of that chip. */
  readonly chip?: string;
  readonly set?: readonly string[];
  /** The one that is meant, of a config of several heaps. */
  readonly heap?: string;
  /** The policies there are; all when left out. */
  readonly policies?: Policies;
  /** Fields that headers may have; the standard ones when left out. */
  readonly palette?: Palette;
}

/**
 * One heap of a config.
 * @throws AllocGenError, exit code 2, with every fault of the config at its line, those of the plan among them; or with
 * the names of the heaps, where there are several and none is named.
 */
export function prepare(configPath: string, options: PrepareOptions): Project {
  return projectOf(chooseHeap(load(configPath, options), options.heap), options);
}

/**
 * The heap that is named, or all of them.
 * @param outputs those that there are
 * @throws AllocGenError, exit code 2, as `prepare` does.
 */
export function prepareHeaps(
  configPath: string,
  options: PrepareOptions,
  outputs: readonly Output[] = allOutputs,
): Heaps {
  const loaded = load(configPath, options);
  if (options.heap !== undefined) {
    return {
      projects: [projectOf(chooseHeap(loaded, options.heap), options)],
      outputs: chooseOutputs(outputs, {}),
    };
  }
  const projects = loaded.heaps.map((heap) => projectOf(heap, options));
  return { projects, outputs: chooseOutputs(outputs, requestsOf(loaded)) };
}

/** Options of outputs that the config asks for. */
const requestsOf = ({ multiHeap, heaps }: LoadedHeaps): OutputRequests => ({
  ...(multiHeap === undefined ? {} : { "multi-heap": multiHeap }),
  ...(multiHeap !== undefined || heaps.some(({ config }) => config.outputs.some(isPackage))
    ? { packages: multiHeap === undefined ? {} : { front: multiHeap.name } }
    : {}),
});

function load(configPath: string, options: PrepareOptions): LoadedHeaps {
  const check = (config: Config) => planFaults(config, options);
  return loadHeaps(configPath, { ...options, targets: listTargets(), check });
}

function projectOf(loaded: LoadedConfig, { policies }: PrepareOptions): Project {
  const target = loadTarget(loaded.config.target);
  const { toolchain } = loaded.config;
  const compiler = compilerOfMachine(toolchain.compiler, machineOf(target));
  const config = { ...loaded.config, toolchain: { ...toolchain, compiler } };
  return { loaded: { ...loaded, config }, target, plan: makePlan(config, target, policies) };
}

function planFaults(config: Config, { policies }: PrepareOptions): readonly Diagnostic[] {
  const target = loadTarget(config.target);
  try {
    const plan = makePlan(config, target, policies);
    const other = takenNames(config, (changed) => makePlan(changed, target, policies));
    return [
      ...other,
      ...refusedGlue(config.outputs, { hasHeaders: hasHeaders(plan), isUpTo: plan.upTo !== undefined }),
    ];
  } catch (error) {
    if (error instanceof AllocGenError) return error.diagnostics;
    throw error;
  }
}
