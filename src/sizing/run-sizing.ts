/** `alloc-gen size`: the least heap for each trace and for all of them, found with the reference, tried on the core. */
import type { Engine } from "../emulators/engine.js";
import { buildProject, generate, type Progress, type Project } from "../pipeline.js";
import { namesOf, OperationCode, type HeapOperations, type Trace } from "../traces/operation.js";
import { lowered } from "../verify/lowered.js";
import { verifyWorkload } from "../verify/workload.js";
import { confidentSize, type ConfidenceQuestion, type ConfidentSize } from "./confidence.js";
import { heapToSize, resized, Sizing, type SizeBelow } from "./sizing.js";

export interface SizedTrace {
  readonly trace: Trace;
  /** Payload bytes live at most: no heap is smaller. */
  readonly peakBytes: number;
  /** Undefined where no heap in the target's RAM serves the trace. */
  readonly heapBytes?: number;
  readonly below?: SizeBelow;
  /** How the core and the reference differ at that size or below; undefined: they do not. */
  readonly difference?: string;
  /** Where copies were asked for. */
  readonly confident?: ConfidentSize;
}

export interface SizingResult {
  readonly project: Project;
  readonly traces: readonly SizedTrace[];
  /** The least heap that serves every trace; undefined where one is not served. */
  readonly heapBytes?: number;
  readonly engine: Engine;
  readonly toolchain: string;
}

export interface SizingOptions {
  readonly engine: Engine;
  readonly progress?: Progress;
  /** Whether, and how, a size is told that perturbed copies of each trace keep to. */
  readonly confidence?: ConfidenceQuestion;
}

/** @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed. */
export async function runSizing(
  project: Project,
  traces: readonly Trace[],
  { engine, confidence, progress = () => undefined }: SizingOptions,
): Promise<SizingResult> {
  const heap = heapToSize(project.loaded.config, project.target, project.plan.api.realloc);
  const sized: SizedTrace[] = [];
  const sizings: Sizing[] = [];
  for (const [index, trace] of traces.entries()) {
    progress(`size ${trace.name}`, index, traces.length);
    const sizing = new Sizing(heap, trace);
    sizings.push(sizing);
    const least = await sizing.least();
    const difference = least && (await tryOnCore(project, trace, least.heapBytes, least.below, engine));
    const confident =
      confidence &&
      (await confidentSize(heap, trace, confidence, (done) =>
        progress(`size ${trace.name}, perturbed`, done, confidence.copies),
      ));
    sized.push({
      trace,
      peakBytes: sizing.peakBytes,
      ...least,
      ...(difference === undefined ? {} : { difference }),
      ...(confident === undefined ? {} : { confident }),
    });
  }
  const heapBytes = await Sizing.leastOfAll(sizings);
  const { toolchain } = await buildProject(project, generate(project));
  return { project, traces: sized, ...(heapBytes === undefined ? {} : { heapBytes }), engine, toolchain };
}

/** Requests of 0 bytes: NULL is what they are to get. */
function requestsForNothing({ kind, argument }: HeapOperations): number {
  return kind.filter((code, index) => code !== OperationCode.free && argument[index] === 0).length;
}

/** How the core and the reference differ on a trace in a heap of that size, if they do, and the requests that get NULL. */
export async function runOnCore(
  project: Project,
  trace: Trace,
  heapBytes: number,
  engine: Engine,
): Promise<{ readonly what?: string; readonly failed: number }> {
  const other = resized(project, heapBytes);
  const { plan } = other;
  // The least heap was found for this address: on it depends where aligned blocks lie.
  const image = await buildProject(other, generate(other), [], false, { heapAt: "round" });
  const bench = { plan, image, engine, target: project.target };
  const operations = lowered(plan, trace, image.heapAddress);
  const { result } = verifyWorkload(bench, trace.name, operations);
  const { mismatch } = result;
  const failed = namesOf(result).reduce((sum, name) => sum + (result[name]?.failed ?? 0), 0);
  const forNothing = plan.zeroSize === "null" ? requestsForNothing(operations) : 0;
  return { failed: failed - forNothing, ...(mismatch === undefined ? {} : { what: mismatch.message }) };
}

/** The C with the least heap serves every request, and with the size below does what the reference does. */
async function tryOnCore(
  project: Project,
  trace: Trace,
  heapBytes: number,
  below: SizeBelow | undefined,
  engine: Engine,
): Promise<string | undefined> {
  const at = (size: number) => runOnCore(project, trace, size, engine);
  const served = await at(heapBytes);
  if (served.what !== undefined) return `${heapBytes} bytes: ${served.what}`;
  if (served.failed > 0) return `${heapBytes} bytes: ${served.failed} requests return NULL on the core`;
  if (below?.operation === undefined) return undefined;
  const refused = await at(below.heapBytes);
  if (refused.what !== undefined) return `${below.heapBytes} bytes: ${refused.what}`;
  return refused.failed > 0 ? undefined : `${below.heapBytes} bytes: every request is served on the core`;
}
