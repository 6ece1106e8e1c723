/** The stages in order: config, plan, C, image, comparison. Each is one call of one stage's function. */
import type { SourceFunctions } from "./csource/source-lines.js";
import { sourceLines } from "./toolchain/debug-lines.js";
import type { Image } from "./toolchain/image.js";
import { buildImage, type BuildOptions } from "./toolchain/build-image.js";
import type { Provenance } from "./outputs/c/c-view.js";
import { allocatorNames, publicNames, uncalledNames } from "./outputs/c/names.js";
import { emitC, type GeneratedFile } from "./outputs/c/emit.js";
import { withSource, type GivenSource } from "./outputs/c/given-source.js";
import type { Engine, EngineChoice } from "./emulators/engine.js";
import { withAhead, type Ahead } from "./emulators/ahead/ahead.js";
import { chooseOutputs, hasProofs, outputFiles, proveOutputs } from "./outputs/choose.js";
import type { OutputHeap, OutputProof } from "./outputs/output.js";
import { allOutputs } from "./outputs/registry.js";
import { packageVersion } from "./package-folder.js";
import { verifies } from "./header/facts.js";
import type { Heaps, Project } from "./prepare.js";
import { workloads } from "./workloads.js";
import { stopwatch } from "./stopwatch.js";
import { openEngine } from "./verify/engines.js";
import { deriveCosts } from "./verify/prediction.js";
import { boundRun, proveRun, type RunBounds } from "./verify/run-bounds.js";
import { summarise } from "./verify/summary.js";
import { proveInterface } from "./verify/interface.js";
import { corruptionHook } from "./verify/probes/corruption.js";
import type { Verification } from "./verify/verification.js";
import type { WorkloadOutcome } from "./verify/workload.js";
import { printable } from "./printable.js";
import { proveInterrupts } from "./verify/interrupts/prove-interrupts.js";
import { beginTraces, verifyTraces } from "./verify/verify-traces.js";

export type { GeneratedFile } from "./outputs/c/emit.js";
export { workloads } from "./workloads.js";
export type { GivenSource } from "./outputs/c/given-source.js";
export { prepare, prepareHeaps, type Heaps, type PrepareOptions, type Project } from "./prepare.js";

/** The C of the project: names relative to the output folder. */
export function generate(project: Project): readonly GeneratedFile[] {
  return emitC(project.plan, provenance(project));
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
  engine: Engine | EngineChoice = "unicorn",
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
  provenance: provenance(project),
  glue: project.loaded.config.outputs,
});

function provenance({ loaded, target }: Project): Provenance {
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
  /** Name of the C that was proven, where it is not the generated one. */
  readonly givenSource?: string;
  /** Wall time by stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * Compile the project's C with the replay driver.
 * @param keep functions that the image has though the driver does not call them
 * @param isGiven whether the C was handed in
 * @throws AllocGenError, exit code 3; 2 where C that was handed in lacks a name.
 */
export function buildProject(
  project: Project,
  files: readonly GeneratedFile[],
  keep: readonly string[] = [],
  isGiven = false,
  build: BuildOptions = {},
): Promise<Image> {
  const { loaded, plan, target } = project;
  const { compiler, optimize } = loaded.config.toolchain;
  return buildImage(
    {
      sources: files,
      names: allocatorNames(plan),
      heapBytes: plan.heapBytes,
      heapAlignment: plan.heapAlignment,
      target,
      compiler,
      optimize,
      keep,
      isGiven,
    },
    build,
  );
}

/** The C to be proven: the generated one, or one handed in with the generated header. */
interface Sources {
  readonly files: readonly GeneratedFile[];
  readonly isGiven: boolean;
  /** Functions of the interface that no operation calls. */
  readonly uncalled: readonly string[];
}

function sourcesOf(project: Project, given: GivenSource | undefined): Sources {
  const generated = generate(project);
  const uncalled = uncalledNames(generated, allocatorNames(project.plan));
  if (given === undefined) return { files: generated, isGiven: false, uncalled };
  return { files: withSource(generated, given), isGiven: true, uncalled };
}

/** The whole interface: the image with all of its functions, and what is to be called on it. */
async function buildWhole(project: Project, sources: Sources, build?: BuildOptions) {
  const { files, isGiven, uncalled } = sources;
  return {
    image: await buildProject(project, files, uncalled, isGiven, build),
    uncalled,
    functions: publicNames(project.plan, uncalled),
    source: theC(files),
    ...(await buildHooked(project, sources, build)),
  };
}

/** The image that is run too: what no operation calls costs flash, so its sizes are those of the whole. */
async function buildBoth(project: Project, sources: Sources) {
  const { files, isGiven, uncalled } = sources;
  const whole = await buildWhole(project, sources);
  const called = uncalled.length === 0 ? whole.image : await buildProject(project, files, [], isGiven);
  return { image: { ...called, size: whole.image.size }, whole };
}

/** The whole interface, made to go on where it finds damage: where headers are verified. */
async function buildHooked(
  { plan, ...project }: Project,
  { files, isGiven, uncalled }: Sources,
  build?: BuildOptions,
) {
  if (!verifies(plan.header)) return {};
  const hook = corruptionHook(plan);
  const hooked = files.map((file) =>
    file.name.endsWith(".c") ? { ...file, text: `${hook}${file.text}` } : file,
  );
  return { hooked: await buildProject({ ...project, plan }, hooked, uncalled, isGiven, build) };
}

/**
 * Build, replay every workload on the emulated core, compare with the reference. The first workload that differs is the
 * last that is run.
 *
 * @param options.engine what to emulate with, by default Unicorn; with "both" a difference between the engines is a
 *   mismatch too
 * @param options.source C to be proven in place of the generated one: with the same names and the same layout. Bounds of
 *   loops come from its comments, as in the generated C; without them the result says that none is proven.
 * @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed; exit code 2: the source lacks a name
 */
export function run(project: Project, options: RunOptions = {}): Promise<RunResult> {
  const { engine = "unicorn" } = options;
  // Two engines are compared batch by batch, and QEMU has processes of its own.
  return withAhead(engine === "unicorn", (ahead) => runWith(project, options, ahead));
}

interface RunOptions {
  readonly progress?: Progress;
  readonly engine?: Engine | EngineChoice;
  readonly source?: GivenSource;
}

async function runWith(
  project: Project,
  options: RunOptions,
  opened: Promise<Ahead | undefined>,
): Promise<RunResult> {
  const progress = options.progress ?? (() => undefined);
  const clock = stopwatch();
  const engine = engineOf(options.engine);
  const traces = workloads(project);
  clock.lap("load");
  const sources = sourcesOf(project, options.source);
  clock.lap("generate");
  const { image, whole } = await buildBoth(project, sources);
  clock.lap("build");

  const bench = { plan: project.plan, image, engine, target: project.target };
  const begun = beginTraces(bench, traces, await opened);
  clock.lap("reference");
  const costs = deriveCosts(bench);
  clock.lap("derive costs");
  const provenBounds = proveRun({ bench, whole, source: whole.source });
  clock.lap("bounds");
  const total = traces.reduce((sum, trace) => sum + trace.operations.length, 0);
  const { config } = project.loaded;
  const { directed, outcomes, notReached } = verifyTraces(bench, begun, {
    costs,
    seed: config.verify.seed,
    onProgress: (name, done, before) => progress(`verify ${name}`, before + done, total),
    onStage: (stage) => clock.lap(stage),
  });
  const proven = proveInterface(bench, whole, config.verify.seed);
  clock.lap("call the interface");
  const { bounds, searched } = boundRun({
    bench,
    bounds: provenBounds,
    seed: config.verify.seed,
    minimumRequest: config.limits.smallest ?? 1,
    outcomes: [...directed, ...outcomes],
    costs,
  });
  clock.lap("bounds");
  const interrupted = await proveInterrupts(bench, whole, proven, differ([...directed, ...outcomes]));
  clock.lap("interrupts");
  const beside = [...directed, ...searched];
  const failed = beside.filter(({ result }) => result.mismatch ?? result.wrongPrediction);
  return {
    project,
    image,
    verification: {
      ...summarise(engine.name, [...outcomes, ...failed], beside, sourceLines(image.elf)),
      notReached,
      ...interrupted,
    },
    bounds,
    engineVersion: engine.version,
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
  const whole = await buildWhole(project, sourcesOf(project, source), build);
  const bench = { plan: project.plan, image: whole.image, engine, target: project.target };
  const { seed } = project.loaded.config.verify;
  const { directed, outcomes, notReached } = verifyTraces(bench, beginTraces(bench, workloads(project)), {
    shrinks,
    seed,
  });
  const proven = proveInterface(bench, whole, seed);
  const interrupted = await proveInterrupts(bench, whole, proven, differ([...directed, ...outcomes]));
  const failed = directed.filter(({ result }) => result.mismatch !== undefined);
  const verified = summarise(engine.name, [...outcomes, ...failed], directed);
  return { ...verified, notReached, ...interrupted };
}

const differ = (outcomes: readonly WorkloadOutcome[]): boolean =>
  outcomes.some(({ result }) => result.mismatch !== undefined);

const engineOf = (wanted: Engine | EngineChoice = "unicorn"): Engine =>
  typeof wanted === "string" ? openEngine(wanted) : wanted;

function theC(files: readonly GeneratedFile[]): GeneratedFile & SourceFunctions {
  const source = files.find(({ functions }) => functions !== undefined);
  if (source?.functions === undefined) throw new Error("no C was generated");
  return { ...source, functions: source.functions };
}
