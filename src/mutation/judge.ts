/** The verdict on one mutant: built and compared like the original, the cheapest comparisons first. */
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { Engine } from "../emulators/engine.js";
import { allocatorNames, publicNames, uncalledNames } from "../outputs/c/names.js";
import { buildProject, generate, type GeneratedFile, type Project } from "../pipeline.js";
import type { Compile } from "../toolchain/compile.js";
import type { Image } from "../toolchain/image.js";
import { beginningsOf, quickDifference, verifyDifference } from "./stages.js";
import type { Verdict } from "./verdict.js";

export interface Judge {
  /** The C that mutants are made of. */
  readonly source: GeneratedFile;
  /** @param text the whole C file */
  judge(text: string): Promise<Verdict>;
}

/**
 * Builds the original and compares it, as what mutants are held against.
 * @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed; 1: the original is wrong
 */
export async function openJudge(project: Project, engine: Engine, compile: Compile): Promise<Judge> {
  const { plan, target } = project;
  const { seed } = project.loaded.config.verify;
  const files = generate(project);
  const source = files.find(({ name }) => name.endsWith(".c"));
  if (source === undefined) throw new Error("no C was generated");
  const uncalled = uncalledNames(files, allocatorNames(plan));
  const functions = publicNames(plan, uncalled);
  const build = { compile };
  const buildText = (text: string): Promise<Image> =>
    buildProject(
      project,
      files.map((file) => (file === source ? { ...file, text } : file)),
      uncalled,
      true,
      build,
    );
  const verify = (text: string) => verifyDifference(project, { name: source.name, text }, engine, build);
  const original = await buildText(source.text);
  const beginnings = beginningsOf(project);
  const reference = await verify(source.text);
  if (reference.kind === "different") {
    throw new AllocGenError(1, [diagnose("mutants-of-wrong-c", { message: reference.message })]);
  }
  return {
    source,
    async judge(text) {
      const image = await built(() => buildText(text));
      if (image === undefined) return { kind: "not compiled" };
      if (hasSameCode(image, original)) return { kind: "same code" };
      const bench = { plan, image, engine, target };
      const found =
        quickDifference(bench, { image, functions, uncalled }, beginnings, seed) ?? (await verify(text));
      if (found.kind === "different") return { kind: "killed", stage: found.stage, message: found.message };
      return { kind: "survived", cycles: { mutant: found.cycles, original: reference.cycles } };
    },
  };
}

/** Undefined where the compiler or the linker refuses. */
async function built(build: () => Promise<Image>): Promise<Image | undefined> {
  try {
    return await build();
  } catch (error) {
    if (error instanceof AllocGenError) return undefined;
    throw error;
  }
}

/** Whether all that is loaded is the same, byte by byte, at the same addresses. */
function hasSameCode(image: Image, original: Image): boolean {
  const pairs = image.segments.map((segment, index) => [segment, original.segments[index]] as const);
  return (
    image.segments.length === original.segments.length &&
    pairs.every(
      ([one, other]) =>
        one.address === other?.address &&
        one.memoryBytes === other.memoryBytes &&
        Buffer.compare(one.data, other.data) === 0,
    ) &&
    JSON.stringify(image.entries) === JSON.stringify(original.entries)
  );
}
