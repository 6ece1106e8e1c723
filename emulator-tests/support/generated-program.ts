/** A main program with generated heaps, compiled and run on the emulated core. */
import type { SourceFunctions } from "../../src/csource/source-lines.js";
import { buildProgram } from "../../src/toolchain/build-program.js";
import type { SourceFile } from "../../src/toolchain/compile.js";
import { emitC, type GeneratedFile } from "../../src/outputs/c/emit.js";
import { makePlan } from "../../src/policies/make-plan.js";
import { loadTarget } from "../../src/targets/load.js";
import { testConfig, type TestConfig } from "./configs.js";
import { runProgram } from "./run-program.js";

/** The C of a test's config. */
export function generatedFiles(test: TestConfig): readonly GeneratedFile[] {
  const config = testConfig(test);
  const target = loadTarget(config.target);
  return emitC(makePlan(config, target), {
    version: "test",
    configName: "alloc-gen.json",
    configHash: "00000000",
    targetName: target.name,
  });
}

/** The generated C file and where its functions stand. */
export function generatedSource(test: TestConfig): SourceFunctions {
  const source = generatedFiles(test).find(({ functions }) => functions !== undefined);
  if (source?.functions === undefined) throw new Error("no C was generated");
  return { name: source.name, functions: source.functions };
}

/** What `main` returned. @throws AllocGenError where it does not compile, Error where it faults. */
export async function runMain(
  test: TestConfig,
  main: string,
  included: readonly SourceFile[] = [],
): Promise<number> {
  const { toolchain, target: name } = testConfig(test);
  const target = loadTarget(name);
  const program = await buildProgram({
    sources: generatedFiles(test),
    program: [{ name: "main.c", text: main }, ...included],
    target,
    compiler: toolchain.compiler,
    optimize: toolchain.optimize,
  });
  return runProgram(program, target);
}
