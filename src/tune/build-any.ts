/** A candidate built: its heap, or all heaps behind its front. */
import type { Engine } from "../emulators/engine.js";
import { emitMultiHeap } from "../outputs/multi-heap/emit.js";
import { buildFront, type BuiltFront } from "../outputs/multi-heap/front-image.js";
import { lowerOverAll } from "../outputs/multi-heap/lowering.js";
import { planMultiHeap } from "../outputs/multi-heap/plan.js";
import { boundsOf } from "../outputs/multi-heap/prove.js";
import { replayFront } from "../outputs/multi-heap/replay.js";
import { generate, provenanceOf } from "../pipeline.js";
import type { Trace } from "../traces/operation.js";
import type { Candidate } from "./candidates.js";
import { buildCandidate, emulate, predictedMean, type BuiltFigures, type Emulated } from "./cycles.js";

export interface AnyBuilt {
  readonly figures: BuiltFigures;
  /** Cycles of an operation of the traces, in the mean, for choosing; infinite where they are not known. */
  readonly predicted: (traces: readonly Trace[]) => number;
  /** Every trace on the emulated core, held against the reference. */
  readonly emulated: (traces: readonly Trace[]) => Emulated;
}

/** @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed */
export async function buildAny(candidate: Candidate, engine: Engine): Promise<AnyBuilt> {
  if (candidate.front !== undefined) return buildWithFront(candidate, candidate.front, engine);
  const { bench, ...figures } = await buildCandidate(candidate.project, engine);
  return {
    figures,
    predicted: (traces) => predictedMean(bench, traces) ?? Infinity,
    emulated: (traces) => emulate({ bench }, traces),
  };
}

async function buildWithFront(
  { project }: Candidate,
  { small, config }: NonNullable<Candidate["front"]>,
  engine: Engine,
): Promise<AnyBuilt> {
  const projects = [...small, project];
  const multiHeap = planMultiHeap(
    config,
    projects.map(({ plan }) => plan),
  );
  const { target, loaded } = project;
  const files = [...projects.flatMap(generate), ...emitMultiHeap(multiHeap, provenanceOf(project))];
  const built = await buildFront(multiHeap, { files, target, ...loaded.config.toolchain });
  const { cycles } = boundsOf(built, { files, target });
  const { flashBytes, ramBytes } = built.image.size;
  const emulated = (traces: readonly Trace[]): Emulated => emulateFront(built, { engine, target }, traces);
  return {
    figures: {
      worst: { malloc: cycles.malloc ?? Infinity, free: cycles.free ?? Infinity },
      flashBytes,
      ramBytes,
      toolchain: built.image.toolchain,
    },
    // The operations of a trace take no longer on the core than in the reference.
    predicted: (traces) => {
      const { meanCycles, difference } = emulated(traces);
      return difference === undefined ? meanCycles : Infinity;
    },
    emulated,
  };
}

/** Operations between two comparisons of the metadata. */
const interval = 1024;

function emulateFront(
  built: BuiltFront,
  { engine, target }: { readonly engine: Engine; readonly target: Candidate["project"]["target"] },
  traces: readonly Trace[],
): Emulated {
  let [cycles, count] = [0, 0];
  for (const trace of traces) {
    const operations = lowerOverAll(built.multiHeap, trace, built.heapAddresses);
    const session = engine.open(built.image, target, operations);
    try {
      const { mismatch } = replayFront(built, operations, session, { interval });
      if (mismatch !== undefined) return { meanCycles: 0, difference: `${trace.name}: ${mismatch.message}` };
      cycles += session.cycles.subarray(0, operations.length).reduce((sum, each) => sum + each, 0);
    } finally {
      session.close();
    }
    count += trace.operations.length;
  }
  return { meanCycles: cycles / Math.max(1, count) };
}
