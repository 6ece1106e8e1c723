/** The stages in order: config, plan, C, image, comparison. Each is one call of one stage's function. */
import { sourceLines } from "./toolchain/debug-lines.js";
import type { Image } from "./toolchain/image.js";
import { buildImage } from "./toolchain/build-image.js";
import type { Config } from "./config/config.js";
import type { LoadedConfig } from "./config/load.js";
import { chooseHeap, loadHeaps, type LoadedHeaps } from "./config/load-several.js";
import { AllocGenError, type Diagnostic } from "./diagnostics.js";
import type { Provenance } from "./emit/c-view.js";
import { allocatorNames, uncalledNames } from "./emit/names.js";
import { emitC, type GeneratedFile } from "./emit/emit.js";
import type { Engine, EngineChoice } from "./emulators/engine.js";
import { emitFront } from "./front/emit-front.js";
import { planFront, type FrontPlan } from "./front/front-plan.js";
import { proveFront, type FrontProof } from "./front/prove-front.js";
import { packageVersion } from "./package-folder.js";
import { makePlan } from "./policies/make-plan.js";
import type { Plan } from "./plan/plan.js";
import { listTargets, loadTarget } from "./targets/load.js";
import type { Target } from "./targets/target.js";
import { generateWorkload } from "./traces/generate.js";
import type { Trace } from "./traces/operation.js";
import { checkTraceFits, readTrace } from "./traces/read.js";
import { openEngine } from "./verify/engines.js";
import { lowered } from "./verify/lowered.js";
import { deriveCosts } from "./verify/prediction.js";
import { boundRun, type RunBounds } from "./verify/run-bounds.js";
import { summarise } from "./verify/summary.js";
import type { Verification } from "./verify/verification.js";
import { verifyWorkload } from "./verify/workload.js";

export type { GeneratedFile } from "./emit/emit.js";

/** A config that is known to be sound, with the plan it leads to. */
export interface Project {
  readonly loaded: LoadedConfig;
  readonly target: Target;
  readonly plan: Plan;
}

/** All heaps of a config; those of several may have a front over them. */
export interface Heaps {
  /** In the order of the config, at least one. */
  readonly projects: readonly Project[];
  readonly front?: FrontPlan;
}

export interface PrepareOptions {
  readonly target?: string;
  readonly set?: readonly string[];
  /** The one that is meant, of a config of several heaps. */
  readonly heap?: string;
}

/**
 * One heap of a config.
 * @throws AllocGenError, exit code 2, with every fault of the config at its line, those of the plan among them; or with
 * the names of the heaps, where there are several and none is named.
 */
export function prepare(configPath: string, options: PrepareOptions): Project {
  return projectOf(chooseHeap(load(configPath, options), options.heap));
}

/** The heap that is named, or all, and their front. @throws AllocGenError, exit code 2, as `prepare` does. */
export function prepareHeaps(configPath: string, options: PrepareOptions): Heaps {
  const loaded = load(configPath, options);
  if (options.heap !== undefined) return { projects: [projectOf(chooseHeap(loaded, options.heap))] };
  const projects = loaded.heaps.map(projectOf);
  if (loaded.front === undefined) return { projects };
  const plans = projects.map(({ plan }) => plan);
  return { projects, front: planFront(loaded.front, plans) };
}

function load(configPath: string, options: PrepareOptions): LoadedHeaps {
  return loadHeaps(configPath, { ...options, targets: listTargets(), check: planFaults });
}

function projectOf(loaded: LoadedConfig): Project {
  const target = loadTarget(loaded.config.target);
  return { loaded, target, plan: makePlan(loaded.config, target) };
}

function planFaults(config: Config): readonly Diagnostic[] {
  const target = loadTarget(config.target);
  try {
    makePlan(config, target);
    return [];
  } catch (error) {
    if (error instanceof AllocGenError) return error.diagnostics;
    throw error;
  }
}

/** The C of the project: names relative to the output folder. */
export function generate(project: Project): readonly GeneratedFile[] {
  return emitC(project.plan, provenance(project));
}

/** The C, and the module that describes the heap's memory to host tools. */
export async function generateAll(project: Project): Promise<readonly GeneratedFile[]> {
  // What writes TypeScript takes as long to load as all the rest.
  const { emitLayout } = await import("./emit/layout-module.js");
  return [...generate(project), emitLayout(project.plan, provenance(project))];
}

/** The files of all heaps and of the front. */
export async function generateHeaps({ projects, front }: Heaps): Promise<readonly GeneratedFile[]> {
  const files = await Promise.all(projects.map(generateAll));
  const [first] = projects;
  return [
    ...files.flat(),
    ...(front === undefined || first === undefined ? [] : emitFront(front, provenance(first))),
  ];
}

/** The front on the emulated core against its reference. @throws AllocGenError, exit code 3. */
export function proveHeaps(
  { projects }: Heaps,
  front: FrontPlan,
  engine: Engine | EngineChoice = "unicorn",
): Promise<FrontProof> {
  const [first] = projects;
  if (first === undefined) throw new Error("a front without heaps");
  const { toolchain, verify } = first.loaded.config;
  return proveFront({
    front,
    files: [...projects.flatMap(generate), ...emitFront(front, provenance(first))],
    target: first.target,
    engine: typeof engine === "string" ? openEngine(engine) : engine,
    ...toolchain,
    seed: verify.seed,
  });
}

function provenance({ loaded, target }: Project): Provenance {
  return {
    version: packageVersion(),
    configName: loaded.file.replace(/^.*[/\\]/, ""),
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
  /** Wall time by stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * Compile the project's C with the replay driver.
 * @param keep functions that the image has though the driver does not call them
 * @throws AllocGenError, exit code 3.
 */
export function buildProject(
  project: Project,
  files: readonly GeneratedFile[],
  keep: readonly string[] = [],
): Promise<Image> {
  const { loaded, plan, target } = project;
  const { compiler, optimize } = loaded.config.toolchain;
  return buildImage({
    sources: files,
    names: allocatorNames(plan),
    heapBytes: plan.heapBytes,
    target,
    compiler,
    optimize,
    keep,
  });
}

/**
 * The image that is run, and the whole interface: what no operation calls costs flash too. The sizes of the former are
 * those of the latter.
 */
async function buildBoth(project: Project, files: readonly GeneratedFile[]) {
  const uncalled = uncalledNames(files, allocatorNames(project.plan));
  const called = await buildProject(project, files);
  const image = uncalled.length === 0 ? called : await buildProject(project, files, uncalled);
  return { image: { ...called, size: image.size }, whole: { image, uncalled } };
}

/** The workloads the config asks for. @throws AllocGenError, exit code 2, for traces that are malformed or do not fit. */
export function workloads(project: Project): readonly Trace[] {
  const { config } = project.loaded;
  const { plan } = project;
  const generated = config.verify.workloads.map((name) =>
    generateWorkload(name, {
      seed: config.verify.seed,
      operations: config.verify.operations,
      heapBytes: plan.heapBytes,
      maximumRequest: plan.maximumRequestBytes,
      minimumRequest: config.limits.smallest ?? 1,
    }),
  );
  const recorded = config.verify.traces.map((path) => ({ path, trace: readTrace(path) }));
  const diagnostics = recorded.flatMap(({ path, trace }) =>
    checkTraceFits(
      trace,
      plan.maximumRequestBytes,
      path,
      plan.api.alignedAlloc ? plan.maximumAlignment : plan.alignment,
    ),
  );
  if (diagnostics.length > 0) throw new AllocGenError(2, diagnostics);
  return [...generated, ...recorded.map(({ trace }) => trace)];
}

/**
 * Build, replay every workload on the emulated core, compare with the reference.
 *
 * @param options.engine what to emulate with, by default Unicorn; with "both" a difference between the engines is a
 *   mismatch too
 * @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed
 */
export async function run(
  project: Project,
  options: { readonly progress?: Progress; readonly engine?: Engine | EngineChoice } = {},
): Promise<RunResult> {
  const progress = options.progress ?? (() => undefined);
  const clock = stopwatch();
  const { engine: wanted = "unicorn" } = options;
  const engine = typeof wanted === "string" ? openEngine(wanted) : wanted;
  const traces = workloads(project);
  clock.lap("load");
  const files = generate(project);
  clock.lap("generate");
  const { image, whole } = await buildBoth(project, files);
  clock.lap("build");

  const bench = { plan: project.plan, image, engine, target: project.target };
  const costs = deriveCosts(bench);
  clock.lap("derive costs");
  const total = traces.reduce((sum, trace) => sum + trace.operations.length, 0);
  let before = 0;
  const outcomes = traces.map((trace) => {
    const operations = lowered(project.plan, trace);
    clock.lap("reference");
    const outcome = verifyWorkload(bench, trace.name, operations, {
      onProgress: (done) => progress(`verify ${trace.name}`, before + done, total),
      costs,
    });
    before += trace.operations.length;
    clock.lap("emulate and compare");
    return outcome;
  });
  const { config } = project.loaded;
  const { bounds, directed } = boundRun({
    bench,
    whole,
    source: cSource(files),
    seed: config.verify.seed,
    minimumRequest: config.limits.smallest ?? 1,
    outcomes,
    costs,
  });
  clock.lap("bounds");
  const failed = directed.filter(({ result }) => result.mismatch ?? result.wrongPrediction);
  return {
    project,
    image,
    verification: summarise(engine.name, [...outcomes, ...failed], directed, sourceLines(image.elf)),
    bounds,
    engineVersion: engine.version,
    seconds: clock.seconds,
  };
}

function cSource(files: readonly GeneratedFile[]): GeneratedFile {
  const source = files.find(({ name }) => name.endsWith(".c"));
  if (source === undefined) throw new Error("no C was generated");
  return source;
}

/** Adds up wall time by stage. */
function stopwatch(): { lap(stage: string): void; readonly seconds: Record<string, number> } {
  const seconds: Record<string, number> = {};
  let last = performance.now();
  return {
    seconds,
    lap(stage) {
      const now = performance.now();
      seconds[stage] = (seconds[stage] ?? 0) + (now - last) / 1000;
      last = now;
    },
  };
}
