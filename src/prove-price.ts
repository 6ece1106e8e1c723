/** What hardening costs: the same config without it, built and bounded beside the hardened one. */
import { buildBoth, sourcesOf } from "./build-project.js";
import type { Engine } from "./emulators/engine.js";
import type { GeneratedFile } from "./outputs/c/emit.js";
import { guardBytesOf } from "./plan/hardening.js";
import { makePlan } from "./policies/make-plan.js";
import type { Project } from "./prepare.js";
import type { CycleBound, FunctionBounds, Proof } from "./proof/bounds.js";
import { proveTask, type ProvenBounds } from "./proof/task.js";
import { proofTask } from "./verify/run-bounds.js";

/** Of one build: cycles and bytes of stack of any call; absent where no bound is proven. */
export interface Cost {
  readonly flashBytes: number;
  readonly malloc: { readonly cycles?: number; readonly stackBytes?: number };
  readonly free: { readonly cycles?: number; readonly stackBytes?: number };
}

export interface HardeningPrice {
  readonly hardened: Cost;
  /** The same config without hardening. A preset may give it blocks of another form. */
  readonly without: Cost;
  /** Bytes that each block has at least for it. */
  readonly blockBytes: number;
}

/**
 * @param flashBytes of the hardened build
 * @param emit the C of a project
 * @returns undefined where nothing is hardened
 * @throws AllocGenError, exit code 3: a compiler is missing or failed
 */
export async function provePrice(
  project: Project,
  engine: Engine,
  hardened: { readonly flashBytes: number; readonly bounds: ProvenBounds },
  emit: (project: Project) => readonly GeneratedFile[],
): Promise<HardeningPrice | undefined> {
  const { loaded, target } = project;
  const { hardening, ...config } = loaded.config;
  if (hardening === undefined) return undefined;
  const plain: Project = { ...project, loaded: { ...loaded, config }, plan: makePlan(config, target) };
  const { image, whole } = await buildBoth(plain, sourcesOf(plain, emit(plain), undefined));
  const bench = { plan: plain.plan, image, engine, target };
  const bounds = proveTask(proofTask({ bench, whole, source: whole.source }));
  return {
    hardened: costOf(hardened.flashBytes, hardened.bounds),
    without: costOf(image.size.flashBytes, bounds),
    blockBytes: guardBytesOf(loaded.config),
  };
}

const costOf = (flashBytes: number, { proven }: ProvenBounds): Cost => ({
  flashBytes,
  malloc: worstOf(proven.malloc),
  free: worstOf(proven.free),
});

function worstOf({ cycles, stack }: FunctionBounds): Cost["malloc"] {
  const isProven = <Bound extends object>(proof: Proof<Bound>): proof is Bound => !("unprovable" in proof);
  return {
    ...(isProven<CycleBound>(cycles) ? { cycles: cycles.cycles } : {}),
    ...(isProven<{ readonly bytes: number }>(stack) ? { stackBytes: stack.bytes } : {}),
  };
}
