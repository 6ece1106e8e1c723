/** The C of a drawn config, built as a user builds it. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineOf } from "../../src/machine/registry.js";
import { allocatorNames } from "../../src/outputs/c/names.js";
import { generate, generateAll, type Project } from "../../src/pipeline.js";
import { buildImage, standIns } from "../../src/toolchain/build-image.js";
import type { BuildCache } from "../../src/toolchain/cache.js";
import type { SourceFile } from "../../src/toolchain/compile.js";
import { familyNamed } from "../../src/toolchain/families.js";
import { languageFlags } from "../../src/toolchain/flags.js";
import { findToolchain } from "../../src/toolchain/toolchain.js";

/** Nothing is built twice. */
const noCache: BuildCache = { read: () => undefined, write: () => undefined };

/**
 * @param whole everything that is written for a user, linked, and the header in C++ too: names may collide. Else the C
 *   alone is new to the compiler.
 * @throws Error with what the compiler says
 */
export async function buildDrawn(project: Project, folder: string, whole: boolean): Promise<void> {
  const { plan, target, loaded } = project;
  const sources = generate(project);
  if (!whole) return compileSource(folder, project, sources);
  await generateAll(project);
  const names = allocatorNames(plan);
  const request = { sources, names, heapBytes: plan.heapBytes, target, ...loaded.config.toolchain };
  await buildImage(request, { cache: noCache });
  await compileHeader(folder, sources);
}

function compileSource(place: string, project: Project, sources: readonly SourceFile[]): Promise<void> {
  const { target, loaded, plan } = project;
  const { compiler, optimize } = loaded.config.toolchain;
  const { path, family, targetFlags } = findToolchain(compiler, undefined, machineOf(target));
  const { warnings, code } = familyNamed(family).flags;
  const files = [...sources, ...standIns(allocatorNames(plan), machineOf(target))];
  for (const { name, text } of files) writeFileSync(join(place, name), text);
  const source = join(place, `${plan.name}.c`);
  const flags = [...targetFlags, ...target.compilerFlags, optimize, ...languageFlags, ...warnings, ...code];
  return run(path, [...flags, "-c", source, "-o", join(place, "heap.o")]);
}

/** Programs in C++ include the header too. */
function compileHeader(place: string, sources: readonly SourceFile[]): Promise<void> {
  for (const { name, text } of sources) writeFileSync(join(place, name), text);
  const header = sources.find(({ name }) => name.endsWith(".h"))?.name ?? "";
  const flags = ["-xc++", "-std=c++20", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"];
  return run("arm-none-eabi-g++", [...flags, join(place, header)]);
}

function run(command: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, words, (error, _out, messages) => {
      if (error === null) resolve();
      else reject(new Error(`${command}:\n${messages}`));
    });
  });
}
