/** Draws a run once more: the reference tells where blocks lay, an engine what each operation took. */
import type { CoreEngine } from "../emulators/core/engine.js";
import { jsEngine } from "../emulators/js/engine.js";
import type { GivenSource } from "../outputs/c/given-source.js";
import type { Project } from "../prepare.js";
import type { Image } from "../toolchain/image.js";
import type { HeapOperations, Trace } from "../traces/operation.js";
import { ReferenceRunner, tagMask } from "../verify/equivalence.js";
import { lowered } from "../verify/lowered.js";
import { workloads } from "../workloads.js";
import { BlockLives } from "./blocks.js";
import { MemorySamples, mostSamples } from "./memory.js";
import type { HeapPictures, WorkloadPictures } from "./pictures.js";
import { worstCalls } from "./worst-call.js";

/** A run whose C and reference agree. */
export interface DrawnRun {
  readonly project: Project;
  readonly image: Image;
  /** The C that the image was made of. */
  readonly source: GivenSource;
  /** Told the operations done so far, and how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Nothing of it is in the run itself, which takes no longer for it. Cycles are the JavaScript engine's, whichever engine ran:
 * engines that were compared agree.
 */
export function drawRun({ project, image, source, onProgress }: DrawnRun): HeapPictures {
  const { plan, target } = project;
  const engine = jsEngine();
  const traces = workloads(project);
  const total = traces.reduce((sum, { operations }) => sum + operations.length, 0);
  let done = 0;
  const candidates = traces.map((trace) => {
    const operations = lowered(plan, trace, image.heapAddress);
    const picture = drawWorkload({ project, image, source }, trace, operations, engine);
    done += trace.operations.length;
    onProgress?.(done, total);
    return { picture, operations };
  });
  return {
    name: plan.name,
    heapBytes: plan.heapBytes,
    firstBlock: plan.firstBlock,
    granuleBytes: plan.granuleBytes,
    engine: `${engine.name} ${engine.version}`,
    workloads: candidates.map(({ picture }) => picture),
    worst: worstCalls({ engine, image, target, source }, candidates),
  };
}

function drawWorkload(
  { project: { plan, target }, image }: DrawnRun,
  { name }: Trace,
  operations: HeapOperations,
  engine: CoreEngine,
): WorkloadPictures {
  const { length, kind } = operations;
  const runner = new ReferenceRunner(plan, operations, false, image.heapAddress);
  const lives = new BlockLives(operations, plan.zeroSize === "null", tagMask(plan));
  const memory = new MemorySamples(plan);
  const step = Math.max(1, Math.ceil(length / mostSamples));
  memory.take(0, runner.heap, 0);
  for (let from = 0; from < length; from += step) {
    const to = Math.min(from + step, length);
    runner.advance(to);
    for (let index = from; index < to; index++) lives.follow(index, runner.outcomes[index] ?? -1);
    memory.take(to, runner.heap, lives.liveBytes);
  }
  return {
    name,
    kinds: kind.slice(0, length),
    cycles: cyclesOf(operations, { image, target, engine }),
    ...lives.pictures(),
    memory: memory.pictures(),
  };
}

function cyclesOf(
  operations: HeapOperations,
  { image, target, engine }: Pick<Project, "target"> & { readonly image: Image; readonly engine: CoreEngine },
): Uint32Array {
  const session = engine.open(image, target, operations, { checkPayloads: false });
  try {
    if (session.reset() === undefined) session.execute(0, operations.length);
    return session.cycles.slice();
  } finally {
    session.close();
  }
}
