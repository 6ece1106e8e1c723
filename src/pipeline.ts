/** The stages in order: config, plan, C, image, comparison. Each is one call of one stage's function. */
import { buildBoth, buildProject, buildWhole, sourcesOf } from "./build-project.js";
import { sourceLines } from "./toolchain/debug-lines.js";
import type { Image } from "./toolchain/image.js";
import type { BuildOptions } from "./toolchain/build-image.js";
import type { Provenance } from "./outputs/c/c-view.js";
import { emitC, type GeneratedFile } from "./outputs/c/emit.js";
import type { GivenSource } from "./outputs/c/given-source.js";
import type { Engine, EngineChoice } from "./emulators/engine.js";
import { withAhead, type Ahead } from "./ahead/ahead.js";
import { chooseOutputs, hasProofs, outputFiles, proveOutputs } from "./outputs/choose.js";
import type { OutputHeap, OutputProof } from "./outputs/output.js";
import { allOutputs } from "./outputs/registry.js";
import { notRunOf } from "./not-run.js";
import { packageVersion } from "./package-folder.js";
import type { Heaps, Project } from "./prepare.js";
import { proveTask } from "./proof/task.js";
import { differ, strictly } from "./prove-given.js";
import { provePrice, type HardeningPrice } from "./prove-price.js";
import { proveSizes, type SizesProof } from "./prove-sizes.js";
import { workloads, workloadsInTurn } from "./workloads.js";
import { stopwatch } from "./stopwatch.js";
import { injectionOf } from "./verify/injection/prove-injection.js";
import { openEngine } from "./verify/engines.js";
import type { Bench } from "./verify/equivalence.js";
import { deriveCosts } from "./verify/prediction.js";
import { boundRun, proofTask, type RunBounds } from "./verify/run-bounds.js";
import { summarise } from "./verify/summary.js";
import { proveInterface, type InterfaceProof, type WholeInterface } from "./verify/interface.js";
import type { Verification } from "./verify/verification.js";
import { sweepWaitStates, type WaitStatesSweep } from "./verify/wait-states.js";
import { witnessedBy } from "./verify/witnessed.js";
import { printable } from "./printable.js";
import { proveInterrupts } from "./verify/interrupts/prove-interrupts.js";
import { beginDirected, beginTraces, verifyTraces } from "./verify/verify-traces.js";

export { buildProject };
export type { GeneratedFile } from "./outputs/c/emit.js";
export { workloads } from "./workloads.js";
export type { GivenSource } from "./outputs/c/given-source.js";
export { prepare, prepareHeaps, type Heaps, type PrepareOptions, type Project } from "./prepare.js";

/** The C of the project: names relative to the output folder. */
export function generate(project: Project): readonly GeneratedFile[] {
  return emitC(project.plan, provenanceOf(project));
}

/** The C, and what else is always written of a heap. */
export function generateAll(project: Project): Promise<readonly GeneratedFile[]> {
  return generateHeaps({ projects: [project], outputs: chooseOutputs(allOutputs, {}) });
}

/** The files of all outputs. */
export function generateHeaps({ projects, outputs }: Heaps): Promise<readonly GeneratedFile[]> {
  return outputFiles(outputs, projects.map(outputHeap));
}

/** What outputs prove by themselves, beside each heap's C. @throws AllocGenError, exit code 3. */
export async function proveHeaps(
  { projects, outputs }: Heaps,
  engine: Engine | EngineChoice = "witnessed",
): Promise<readonly OutputProof[]> {
  const [first] = projects;
  if (first === undefined || !hasProofs(outputs)) return [];
  const { toolchain, verify } = first.loaded.config;
  return proveOutputs(outputs, projects.map(outputHeap), {
    files: projects.flatMap(generate),
    target: first.target,
    engine: engineOf(engine),
    ...toolchain,
    seed: verify.seed,
  });
}

const outputHeap = (project: Project): OutputHeap => ({
  plan: project.plan,
  provenance: provenanceOf(project),
  glue: project.loaded.config.outputs,
});

/** What generated files say of where they come from. */
export function provenanceOf({ loaded, target }: Project): Provenance {
  return {
    version: packageVersion(),
    configName: printable(loaded.file.split(/[/\\]/).at(-1) ?? ""),
    configHash: loaded.sha256,
    targetName: target.name,
  };
}

/** Told as a stage goes on: what is done of how much. */
export type Progress = (stage: string, done: number, total: number) => void;

export interface RunResult {
  readonly project: Project;
  readonly image: Image;
  readonly verification: Verification;
  /** What is proven of the linked code, and how near to it the run came. */
  readonly bounds: RunBounds;
  readonly engineVersion: string;
  /** Where they were asked for. */
  readonly waitStates?: WaitStatesSweep;
  /** Present where the heap is to find misuse. */
  readonly hardeningPrice?: HardeningPrice;
  /** Name of the C that was proven, where it is not the generated one. */
  readonly givenSource?: string;
  /** Wall time by stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * Build, replay every workload on the emulated core, compare with the reference. The first workload that differs is the
 * last that is run.
 *
 * @param options.engine what to emulate with, by default the engine in JavaScript with Unicorn as witness of a share; a
 *   difference between engines is a mismatch too
 * @param options.source C to be proven in place of the generated one: with the same names and the same layout. Bounds of
 *   loops come from its comments, as in the generated C; without them the result says that none is proven.
 * @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed; exit code 2: the source lacks a name
 */
export function run(project: Project, options: RunOptions = {}): Promise<RunResult> {
  const { engine = "witnessed", ahead } = options;
  const runHere = (opened: Promise<Ahead | undefined>): Promise<RunResult> => {
    // To hand over a large heap takes longer than to replay.
    const isHandedOver = project.plan.heapBytes <= mostAhead;
    return runWith(project, options, isHandedOver ? opened : Promise.resolve(undefined));
  };
  return ahead === undefined ? withAhead(engine, runHere) : runHere(ahead);
}

/** Largest heap whose workloads are replayed on another thread. */
const mostAhead = 1024 * 1024;

interface RunOptions {
  readonly progress?: Progress;
  readonly engine?: Engine | EngineChoice;
  readonly source?: GivenSource;
  /** Whether bounds and cycles are told for other wait states too; false when left out. */
  readonly triesWaitStates?: boolean;
  /** A thread that works ahead, with the same engine, where one was opened already: it takes a while to start. */
  readonly ahead?: Promise<Ahead | undefined>;
}

async function runWith(
  project: Project,
  options: RunOptions,
  opened: Promise<Ahead | undefined>,
): Promise<RunResult> {
  const progress = options.progress ?? (() => undefined);
  const clock = stopwatch();
  const engine = engineOf(options.engine);
  const inTurn = workloadsInTurn(project);
  clock.lap("load");
  const sources = sourcesOf(project, generate(project), options.source);
  clock.lap("generate");
  const { image, whole } = await buildBoth(project, sources);
  clock.lap("build");

  const { config } = project.loaded;
  const witness = { kind: "share", seed: config.verify.seed } as const;
  const bench = { plan: project.plan, image, engine, target: project.target, witness };
  const ahead = await opened;
  const task = proofTask({ bench, whole, source: whole.source });
  // Where Unicorn replays, the thread has the more to do of the two.
  const provenAhead = engine.name === "js" && !engine.witness ? ahead?.prove(task) : undefined;
  const begunDirected = beginDirected(bench, config.verify.seed, ahead);
  const begun = beginTraces(bench, inTurn, ahead);
  const traces = begun.map(({ trace }) => trace);
  clock.lap("reference");
  const costs = deriveCosts(bench);
  clock.lap("derive costs");
  const provenHere = provenAhead ? undefined : proveTask(task);
  if (provenHere) clock.lap("bounds");
  const total = traces.reduce((sum, trace) => sum + trace.operations.length, 0);
  const { directed, outcomes, notReached } = verifyTraces(bench, begun, {
    costs,
    directed: begunDirected,
    onProgress: (name, done, before) => progress(`verify ${name}`, before + done, total),
    onStage: (stage) => clock.lap(stage),
  });
  const proven = interfaceOf(project, bench, whole);
  clock.lap("call the interface");
  const { bounds, searched } = boundRun({
    bench,
    bounds: provenHere ?? provenAhead?.() ?? proveTask(task),
    seed: config.verify.seed,
    minimumRequest: config.limits.smallest ?? 1,
    outcomes: [...directed, ...outcomes],
    costs,
  });
  clock.lap("bounds");
  const compared = { bench, whole, traces, proven, outcomes: [...directed, ...outcomes] };
  const strict = await strictly(project, sources, compared, {});
  const interrupted = await proveInterrupts(bench, whole, strict.interface, differ(strict.outcomes));
  clock.lap("interrupts");
  const injected = injectionOf(bench, whole, config.verify.seed);
  if (injected.injection) clock.lap("inject misuse");
  const { flashBytes } = image.size;
  const hardeningPrice = await provePrice(project, engine, { flashBytes, bounds }, generate);
  if (hardeningPrice) clock.lap("price hardening");
  const sized = differ(strict.outcomes) ? undefined : await proveSizes(project, sources, engine);
  if (sized !== undefined && sized.sizes.length > 0) clock.lap("sizes");
  const [first] = traces;
  const waitStates =
    options.triesWaitStates === true && first !== undefined && !differ(strict.outcomes)
      ? sweepWaitStates(bench, task, first)
      : undefined;
  if (waitStates !== undefined) clock.lap("wait states");
  const beside = [...directed, ...searched];
  const failed = [...beside, ...strict.differing, ...(sized?.differing ?? [])].filter(
    ({ result }) => result.mismatch ?? result.wrongPrediction,
  );
  const witnessed = witnessedBy(engine, outcomes, beside, interrupted);
  return {
    project,
    image,
    verification: {
      ...summarise(engine.name, [...outcomes, ...failed], beside, sourceLines(image.elf)),
      notReached,
      ...withSizes(interrupted, sized),
      ...injected,
      ...(witnessed && { witnessed }),
    },
    bounds,
    engineVersion: engine.version,
    ...(waitStates && { waitStates }),
    ...(hardeningPrice && { hardeningPrice }),
    ...(options.source === undefined ? {} : { givenSource: options.source.name }),
    seconds: clock.seconds,
  };
}

/**
 * Only whether a C file in place of the generated one is equivalent to the reference: no bounds, no predicted cycles.
 *
 * @param options.build how it is built, where not in a folder of its own
 * @param options.shrinks whether a difference is made short and drawn, which takes far longer than to find it
 * @throws AllocGenError, as `run` does
 */
export async function verifySource(
  project: Project,
  source: GivenSource,
  options: { engine?: Engine | EngineChoice; shrinks?: boolean; build?: BuildOptions } = {},
): Promise<Verification> {
  const { engine: wanted, shrinks = false, build } = options;
  const engine = engineOf(wanted);
  const sources = sourcesOf(project, generate(project), source);
  const whole = await buildWhole(project, sources, build);
  const bench = { plan: project.plan, image: whole.image, engine, target: project.target };
  const { seed } = project.loaded.config.verify;
  const traces = workloads(project);
  const begun = beginTraces(bench, traces);
  const { directed, outcomes, notReached } = verifyTraces(bench, begun, { shrinks, seed });
  const proven = interfaceOf(project, bench, whole);
  const compared = { bench, whole, traces, proven, outcomes: [...directed, ...outcomes] };
  const strict = await strictly(project, sources, compared, { shrinks, ...(build && { build }) });
  const interrupted = await proveInterrupts(bench, whole, strict.interface, differ(strict.outcomes));
  const sized = differ(strict.outcomes)
    ? undefined
    : await proveSizes(project, sources, engine, { shrinks, ...(build && { build }) });
  const failed = [...directed, ...strict.differing, ...(sized?.differing ?? [])].filter(
    ({ result }) => result.mismatch !== undefined,
  );
  const verified = summarise(engine.name, [...outcomes, ...failed], directed);
  const injected = injectionOf(bench, whole, seed);
  return { ...verified, notReached, ...withSizes(interrupted, sized), ...injected };
}

/** What was found at other sizes than the largest, beside what was found at that. */
const withSizes = <Proven extends { readonly interface: InterfaceProof }>(
  proven: Proven,
  sized: SizesProof | undefined,
): Proven & Pick<Verification, "sizes"> => {
  if (sized === undefined || (sized.sizes.length === 0 && sized.mismatch === undefined)) return proven;
  const { mismatch = sized.mismatch } = proven.interface;
  return {
    ...proven,
    interface: { ...proven.interface, ...(mismatch === undefined ? {} : { mismatch }) },
    sizes: sized.sizes,
  };
};

/** The proof of the interface, which tells what of the config nothing runs too. */
function interfaceOf({ loaded: { config } }: Project, bench: Bench, whole: WholeInterface): InterfaceProof {
  const proven = proveInterface(bench, whole, config.verify.seed);
  return { ...proven, notRun: [...proven.notRun, ...notRunOf(config)] };
}

const engineOf = (wanted: Engine | EngineChoice = "witnessed"): Engine =>
  typeof wanted === "string" ? openEngine(wanted) : wanted;
