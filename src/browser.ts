/**
 * What of the package runs anywhere, in a browser too: from a config to its plan and reference, and from a linked image to a
 * run of it in JavaScript that is held against the reference. Nothing that this imports uses Node.
 */
import { jsEngine } from "./emulators/js/engine.js";
import type { Config } from "./config/config.js";
import { readDocument } from "./config/document.js";
import { readSettings, resolveDocument } from "./config/resolve-document.js";
import { AllocGenError, diagnose } from "./diagnostics.js";
import { allocatorNames } from "./outputs/c/names.js";
import type { Plan } from "./plan/plan.js";
import { makePlan } from "./policies/make-plan.js";
import { targetSchema } from "./targets/schema.js";
import { targetOf } from "./targets/target-of.js";
import type { Target } from "./targets/target.js";
import { linkedImage } from "./toolchain/linked-image.js";
import type { Image } from "./toolchain/image.js";
import { generateWorkload } from "./traces/generate.js";
import { lowered } from "./verify/lowered.js";
import type { HeapOperations } from "./traces/operation.js";
import { ReferenceRunner } from "./verify/equivalence.js";
import { verifyWorkload } from "./verify/workload.js";
import type { WorkloadResult } from "./verify/verification.js";

export { AllocGenError, formatDiagnostic, type Diagnostic } from "./diagnostics.js";
export type { HeapOperations } from "./traces/operation.js";
export type { WorkloadResult } from "./verify/verification.js";

/** A heap as its config decides it, on a core. */
export interface BrowserHeap {
  readonly config: Config;
  readonly target: Target;
  readonly plan: Plan;
}

/**
 * A heap from its config.
 * @param config an object as alloc-gen.json has it, or the text of the file; it may name no chip and no other files
 * @param targets values of target.json files by the names of their folders: those that the config may name
 * @throws AllocGenError with every fault of the config
 */
export function planHeap(config: object | string, targets: Readonly<Record<string, unknown>>): BrowserHeap {
  const text = typeof config === "string" ? config : JSON.stringify(config, undefined, 2);
  const known = Object.keys(targets).sort();
  const { config: resolved } = resolveDocument(
    readDocument(text, "config"),
    "config",
    readSettings({}),
    { targets: known },
    { chips: () => [], absolutePath: (written) => written, fileExists: () => false },
  );
  const target = readTarget(resolved.target, targets[resolved.target]);
  return { config: resolved, target, plan: makePlan(resolved, target) };
}

function readTarget(name: string, value: unknown): Target {
  const parsed = targetSchema.safeParse(value);
  if (parsed.success) return targetOf(name, "", parsed.data);
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new AllocGenError(
    2,
    faults.map((what) => diagnose("malformed-target", { what }, { file: name })),
  );
}

/** Operations with a name. */
export interface Workload {
  readonly name: string;
  readonly operations: HeapOperations;
}

/**
 * The workloads that the config asks for, without recorded traces.
 * @param heapAddress where the heap begins (`Image.heapAddress`): aligned requests depend on it
 */
export function workloadsOf({ config, plan }: BrowserHeap, heapAddress = 0): readonly Workload[] {
  return config.verify.workloads.map((name) => {
    const trace = generateWorkload(name, {
      seed: config.verify.seed,
      operations: config.verify.operations,
      heapBytes: plan.heapBytes,
      maximumRequest: plan.maximumRequestBytes,
      minimumRequest: config.limits.smallest ?? 1,
    });
    return { name, operations: lowered(plan, trace, heapAddress) };
  });
}

/**
 * Offset of the payload that each operation gives in the reference, -1 for NULL and for a free.
 * @param heapAddress as for `workloadsOf`
 */
export function referenceOffsets(
  { plan }: BrowserHeap,
  operations: HeapOperations,
  heapAddress = 0,
): Int32Array {
  const runner = new ReferenceRunner(plan, operations, false, heapAddress);
  runner.advance(operations.length);
  return runner.outcomes;
}

/**
 * A linked image of the heap with the replay driver, as the package's builds make it.
 * @throws Error: the file is none of this heap
 */
export const readImage = ({ plan }: BrowserHeap, elf: Uint8Array): Image =>
  linkedImage(elf, { names: allocatorNames(plan), heapBytes: plan.heapBytes }, "given");

/** Replays operations on the core in JavaScript and holds addresses, metadata and payloads against the reference. */
export function verifyImage(
  { plan, target }: BrowserHeap,
  image: Image,
  { name, operations }: Workload,
): WorkloadResult {
  const bench = { plan, target, image, engine: jsEngine() };
  return verifyWorkload(bench, name, operations).result;
}
