/** The images of a project's C: as operations replay it, with its whole interface, and with traps. */
import { AllocGenError } from "./diagnostics.js";
import type { SourceFunctions } from "./csource/source-lines.js";
import { verifies } from "./header/facts.js";
import type { GeneratedFile } from "./outputs/c/emit.js";
import { withSource, type GivenSource } from "./outputs/c/given-source.js";
import { allocatorNames, publicNames, uncalledNames } from "./outputs/c/names.js";
import type { Project } from "./prepare.js";
import { buildImage, type BuildOptions } from "./toolchain/build-image.js";
import type { Image } from "./toolchain/image.js";
import { corruptionHook } from "./verify/probes/corruption.js";

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
export interface Sources {
  readonly files: readonly GeneratedFile[];
  readonly isGiven: boolean;
  /** Functions of the interface that no operation calls. */
  readonly uncalled: readonly string[];
}

export function sourcesOf(
  project: Project,
  generated: readonly GeneratedFile[],
  given: GivenSource | undefined,
): Sources {
  const uncalled = uncalledNames(generated, allocatorNames(project.plan));
  if (given === undefined) return { files: generated, isGiven: false, uncalled };
  return { files: withSource(generated, given), isGiven: true, uncalled };
}

/** The whole interface: the image with all of its functions, and what is to be called on it. */
export async function buildWhole(project: Project, sources: Sources, build?: BuildOptions) {
  const { files, isGiven, uncalled } = sources;
  return {
    image: await buildProject(project, files, uncalled, isGiven, build),
    uncalled,
    functions: publicNames(project.plan, uncalled),
    source: theC(files),
    ...(await buildHooked(project, sources, build)),
    ...(project.plan.hardening === undefined
      ? {}
      : { faulted: await buildProject(project, files, uncalled, isGiven, { ...build, faults: "returns" }) }),
  };
}

/** The image that is run too: what no operation calls costs flash, so its sizes are those of the whole. */
export async function buildBoth(project: Project, sources: Sources) {
  const { files, isGiven, uncalled } = sources;
  const whole = await buildWhole(project, sources);
  const called = uncalled.length === 0 ? whole.image : await buildProject(project, files, [], isGiven);
  return { image: { ...called, size: whole.image.size }, whole };
}

/** The whole interface, trapping where the C's behaviour is undefined. Undefined: the compiler cannot do that. */
export async function buildTrapping(
  project: Project,
  { files, uncalled }: Sources,
  build: BuildOptions = {},
): Promise<Image | undefined> {
  try {
    return await buildProject(project, files, uncalled, true, { ...build, trapsUndefined: true });
  } catch (error) {
    if (error instanceof AllocGenError) return undefined;
    throw error;
  }
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

function theC(files: readonly GeneratedFile[]): GeneratedFile & SourceFunctions {
  const source = files.find(({ functions }) => functions !== undefined);
  if (source?.functions === undefined) throw new Error("no C was generated");
  return { ...source, functions: source.functions };
}
