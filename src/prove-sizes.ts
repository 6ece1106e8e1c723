/**
 * A heap that takes what there is, at other sizes than the largest: the same C, in as little memory as it takes, in
 * sizes between, which need not be whole granules, and in more; and in less, which init must refuse.
 */
import { buildProject, buildWhole, type Sources } from "./build-project.js";
import type { BuildOptions } from "./toolchain/build-image.js";
import type { Engine } from "./emulators/engine.js";
import { allocatorNames } from "./outputs/c/names.js";
import type { Plan } from "./plan/plan.js";
import { planWithin } from "./plan/plan-heap.js";
import type { Project } from "./prepare.js";
import { formatCount } from "./report/table.js";
import { calledNames } from "./toolchain/heap-region.js";
import { generateWorkload } from "./traces/generate.js";
import { seededRandom } from "./traces/random.js";
import { bytes } from "./units.js";
import { proveInterface } from "./verify/interface.js";
import type { ProbeMismatch } from "./verify/probes/run-probes.js";
import { beginTraces, verifyTraces } from "./verify/verify-traces.js";
import type { WorkloadOutcome } from "./verify/workload.js";

export interface SizesProof {
  /** Bytes of memory that all was run in. */
  readonly sizes: readonly number[];
  /** What differs, where something does: no size behind it was tried. */
  readonly differing: readonly WorkloadOutcome[];
  /** The call that differs. */
  readonly mismatch?: ProbeMismatch;
}

const drawnSizes = 3;
/** Of each workload. */
const operations = 2000;
const workloads = ["uniform", "exhaustion"] as const;

/** The least one, drawn ones that are no multiple of a granule, and more than it takes; none of a heap that has its size. */
export function actualSizes(plan: Plan, seed: number): readonly number[] {
  if (plan.upTo === undefined) return [];
  const { leastBytes: least } = plan.upTo;
  const random = seededRandom(seed, "sizes");
  const drawn = Array.from({ length: drawnSizes }, () => {
    const size = Math.floor(least * (plan.heapBytes / least) ** random.unit());
    return size % plan.granuleBytes === 0 ? size + 1 : size;
  });
  const more = plan.heapBytes + 3 * plan.granuleBytes + 1;
  return [...new Set([least, ...drawn, more])];
}

/** @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed. */
export async function proveSizes(
  project: Project,
  sources: Sources,
  engine: Engine,
  { shrinks = true, build }: { readonly shrinks?: boolean; readonly build?: BuildOptions } = {},
): Promise<SizesProof> {
  const { seed } = project.loaded.config.verify;
  const done: number[] = [];
  for (const size of actualSizes(project.plan, seed)) {
    const { differing, mismatch } = await proveSize(project, sources, engine, size, { shrinks, build });
    done.push(size);
    if (differing.length > 0 || mismatch !== undefined) {
      return { sizes: done, differing, ...(mismatch === undefined ? {} : { mismatch }) };
    }
  }
  const mismatch = await refusedSize(project, sources, engine, build);
  return { sizes: done, differing: [], ...(mismatch === undefined ? {} : { mismatch }) };
}

interface Options {
  readonly shrinks: boolean;
  readonly build: BuildOptions | undefined;
}

async function proveSize(
  project: Project,
  sources: Sources,
  engine: Engine,
  size: number,
  { shrinks, build }: Options,
): Promise<Omit<SizesProof, "sizes">> {
  const { config } = project.loaded;
  const { seed } = config.verify;
  const plan = planWithin(project.plan, Math.min(size, project.plan.heapBytes));
  const memory = { ...plan, heapBytes: bytes(size) };
  const whole = await buildWhole({ ...project, plan: memory }, sources, build);
  const bench = { plan, image: whole.image, engine, target: project.target };
  const traces = workloads.map((name) =>
    generateWorkload(name, {
      seed,
      operations,
      heapBytes: plan.heapBytes,
      maximumRequest: plan.maximumRequestBytes,
      minimumRequest: config.limits.smallest ?? 1,
    }),
  );
  const { directed, outcomes } = verifyTraces(bench, beginTraces(bench, traces), { seed, shrinks });
  const where = `in ${formatCount(size)} bytes`;
  const differing = [...directed, ...outcomes]
    .filter(({ result }) => result.mismatch !== undefined)
    .map((outcome) => ({
      ...outcome,
      result: { ...outcome.result, name: `${outcome.result.name} ${where}` },
      coverage: new Map<number, number>(),
    }));
  const { mismatch } = proveInterface(bench, whole, seed);
  return {
    differing,
    ...(mismatch === undefined ? {} : { mismatch: { ...mismatch, call: `${mismatch.call} ${where}` } }),
  };
}

/** A byte less than the least is refused; nothing where the engine calls no single functions. */
async function refusedSize(
  project: Project,
  { files, isGiven }: Sources,
  engine: Engine,
  build: BuildOptions | undefined,
): Promise<ProbeMismatch | undefined> {
  const { upTo } = project.plan;
  if (upTo === undefined || engine.caller === undefined) return undefined;
  const size = upTo.leastBytes - 1;
  const plan = planWithin(project.plan, size);
  const image = await buildProject({ ...project, plan }, files, [], isGiven, build);
  const names = allocatorNames(plan);
  const caller = engine.caller(image, project.target);
  try {
    const before = caller.save();
    const outcome = caller.call(calledNames({ init: names.init }, names.region).init);
    const isRefused = outcome.kind === "returned" && (outcome.result & 0xff) === 0;
    if (isRefused && caller.changedSince(before) === undefined) return undefined;
    const found = outcome.kind === "fault" ? outcome.fault.cause : isRefused ? "memory is written" : "true";
    const call = `init in ${formatCount(size)} bytes`;
    return { function: names.init, call, expected: "false, and no effect", found, before: [] };
  } finally {
    caller.close();
  }
}
