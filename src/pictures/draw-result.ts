/** The pictures of a run from its result. */
import { generate, type GivenSource, type RunResult } from "../pipeline.js";
import { drawRun } from "./draw-run.js";
import type { HeapPictures } from "./pictures.js";

/**
 * @param given C that was proven in place of the generated one
 * @returns undefined where the C is wrong: the shortest sequence that differs is told of it
 */
export function drawResult(
  { project, image, verification }: RunResult,
  given: GivenSource | undefined,
  onProgress: (done: number, total: number) => void = () => undefined,
): HeapPictures | undefined {
  if (verification.workloads.some(({ mismatch }) => mismatch !== undefined)) return undefined;
  const source = given ?? generate(project).find(({ functions }) => functions !== undefined);
  if (source === undefined) throw new Error("a heap's files have no C");
  return drawRun({ project, image, source, onProgress });
}
