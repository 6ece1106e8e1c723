/** From a test's config to a plan and an image. */
import { buildImage, type BuildOptions } from "../../src/toolchain/build-image.js";
import { emitC } from "../../src/outputs/c/emit.js";
import { allocatorNames } from "../../src/outputs/c/names.js";
import { makePlan } from "../../src/policies/make-plan.js";
import { loadTarget } from "../../src/targets/load.js";
import type { Bench } from "../../src/verify/equivalence.js";
import { testConfig, type TestConfig } from "./configs.js";

/** Replaces text of the generated C: a test's way to break it. */
export type Edit = (source: string) => string;

/**
 * @param keep functions that the replay does not call, to be called by the test.
 * @param options of the build
 */
export async function imageFor(
  test: TestConfig,
  edit: Edit = (source) => source,
  keep: readonly string[] = [],
  options: BuildOptions = {},
): Promise<Omit<Bench, "engine">> {
  const config = testConfig(test);
  const target = loadTarget(config.target);
  const plan = makePlan(config, target);
  const provenance = {
    version: "test",
    configName: "alloc-gen.json",
    configHash: "00000000",
    targetName: target.name,
  };
  const sources = emitC(plan, provenance).map((file) =>
    file.name.endsWith(".c") ? { ...file, text: edit(file.text) } : file,
  );
  const request = {
    sources,
    names: allocatorNames(plan),
    heapBytes: plan.heapBytes,
    heapAlignment: plan.heapAlignment,
    target,
    compiler: config.toolchain.compiler,
    optimize: config.toolchain.optimize,
    keep,
  };
  const image = await buildImage(request, options);
  return { plan, image, target };
}
