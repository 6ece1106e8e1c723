/** One config of a long run: its C on the emulated core against the reference, over every workload. */
import { AllocGenError } from "../../src/diagnostics.js";
import type { Engine, EngineChoice, SessionOptions } from "../../src/emulators/engine.js";
import { buildProject, generate, type GeneratedFile, type Project } from "../../src/pipeline.js";
import { generateWorkload } from "../../src/traces/generate.js";
import { workloads } from "../../src/traces/workloads/registry.js";
import type { WorkloadName } from "../../src/config/config.js";
import { openEngine } from "../../src/verify/engines.js";
import { lowered } from "../../src/verify/lowered.js";
import { verifyWorkload } from "../../src/verify/workload.js";
import type { Image } from "../../src/toolchain/image.js";
import type { Mismatch } from "../../src/verify/verification.js";

export interface SoakRequest {
  readonly project: Project;
  /** Of the operations. */
  readonly seed: number;
  /** For each workload. */
  readonly operations: number;
  readonly engine: EngineChoice;
  /** Changes the C, for tests. */
  readonly edit?: (file: GeneratedFile) => GeneratedFile;
}

export type SoakOutcome =
  | { readonly kind: "equal"; readonly operations: number }
  | { readonly kind: "different"; readonly workload: string; readonly mismatch: Mismatch }
  /** An accepted config whose C does not compile or link. */
  | { readonly kind: "not-built"; readonly message: string };

const names = Object.keys(workloads) as readonly WorkloadName[];

/** Nothing is counted: addresses, metadata, payloads and faults are what is compared. */
function uncounted(choice: EngineChoice): Engine {
  const engine = openEngine(choice);
  return {
    ...engine,
    open: (image, target, operations, options: SessionOptions = {}) =>
      engine.open(image, target, operations, { ...options, count: false }),
  };
}

export async function soakConfig({
  project,
  seed,
  operations,
  engine,
  edit,
}: SoakRequest): Promise<SoakOutcome> {
  const files = generate(project);
  const image = await builtOrWhy(project, edit === undefined ? files : files.map(edit));
  if (typeof image === "string") return { kind: "not-built", message: image };
  const { plan, target } = project;
  const { config } = project.loaded;
  const bench = { plan, image, engine: uncounted(engine), target };
  let done = 0;
  for (const name of names) {
    const trace = generateWorkload(name, {
      seed,
      operations,
      heapBytes: plan.heapBytes,
      maximumRequest: plan.maximumRequestBytes,
      minimumRequest: config.limits.smallest ?? 1,
    });
    const sequence = lowered(plan, trace, image.heapAddress);
    const { result } = verifyWorkload(bench, name, sequence);
    if (result.mismatch !== undefined)
      return { kind: "different", workload: name, mismatch: result.mismatch };
    done += sequence.length;
  }
  return { kind: "equal", operations: done };
}

async function builtOrWhy(project: Project, files: readonly GeneratedFile[]): Promise<Image | string> {
  try {
    return await buildProject(project, files);
  } catch (error) {
    if (error instanceof AllocGenError) return error.message;
    throw error;
  }
}
