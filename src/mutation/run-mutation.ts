/** `alloc-gen mutate`: mutants of a project's C, each verified, and which of them were not noticed. */
import { generate, workloads, type Progress, type Project } from "../pipeline.js";
import { drawn, mutantsOf, type Selection } from "./draw.js";
import { isViable, tryMutants, type TriedMutant } from "./try-mutants.js";
import type { Verdict } from "./verdict.js";

export interface MutationRequest extends Selection {
  readonly project: Project;
  readonly seed: number;
  /** Mutants that are to be verified. */
  readonly count: number;
  readonly judge: (text: string) => Promise<Verdict>;
  readonly atOnce: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface MutationResult {
  readonly project: Project;
  readonly seed: number;
  /** Name and text of the C file. */
  readonly source: { readonly name: string; readonly text: string };
  /** How many mutants there are, of the operators and functions asked for. */
  readonly all: number;
  /** In the order of the draw. */
  readonly tried: readonly TriedMutant[];
  readonly interrupted: boolean;
}

/** @throws AllocGenError, exit code 2 for a trace that does not fit, else what `judge` throws */
export async function runMutation(request: MutationRequest): Promise<MutationResult> {
  const { project, seed, count, judge, atOnce, progress, signal } = request;
  const source = generate(project).find(({ name }) => name.endsWith(".c"));
  if (source === undefined) throw new Error("no C was generated");
  // Faults of traces are told here, once, and not by each process.
  workloads(project);
  const mutants = mutantsOf(source.text, request);
  const tried = await tryMutants({
    text: source.text,
    mutants: drawn(mutants, seed),
    count,
    judge,
    atOnce,
    onProgress: (done) =>
      progress?.("mutants", done.filter(({ verdict }) => isViable(verdict)).length, count),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    project,
    seed,
    source: { name: source.name, text: source.text },
    all: mutants.length,
    tried,
    interrupted: signal?.aborted === true,
  };
}
