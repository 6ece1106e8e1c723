/** The pictures of a run from its result. */
import { generate, type GivenSource, type RunResult } from "../pipeline.js";
import { drawRun } from "./draw-run.js";
import type { HeapPictures } from "./pictures.js";

/**
 * @param result of C that is right
 * @param given C that was proven in place of the generated one
 */
export function drawResult(
  { project, image }: RunResult,
  given: GivenSource | undefined,
  onProgress: (done: number, total: number) => void = () => undefined,
): HeapPictures {
  const source = given ?? generate(project).find(({ functions }) => functions !== undefined);
  if (source === undefined) throw new Error("a heap's files have no C");
  return drawRun({ project, image, source, onProgress });
}
