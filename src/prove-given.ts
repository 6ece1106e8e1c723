/** The strict proof of C that someone handed in. */
import { buildTrapping, type Sources } from "./build-project.js";
import type { Project } from "./prepare.js";
import type { BuildOptions } from "./toolchain/build-image.js";
import type { Trace } from "./traces/operation.js";
import type { Bench } from "./verify/equivalence.js";
import type { InterfaceProof, WholeInterface } from "./verify/interface.js";
import { proveStrictly, type StrictProof } from "./verify/strict.js";
import type { WorkloadOutcome } from "./verify/workload.js";

/** What was compared of some C. */
interface Compared {
  readonly bench: Bench;
  readonly whole: WholeInterface;
  readonly traces: readonly Trace[];
  readonly proven: InterfaceProof;
  readonly outcomes: readonly WorkloadOutcome[];
}

/** The strict proof, where someone handed in the C and it is right so far. The generated C has it from the project's tests. */
export async function strictly(
  project: Project,
  sources: Sources,
  compared: Compared,
  { shrinks, build }: { readonly shrinks?: boolean; readonly build?: BuildOptions },
): Promise<StrictProof & Pick<Compared, "outcomes">> {
  const { proven, outcomes } = compared;
  if (!sources.isGiven || proven.mismatch !== undefined || differ(outcomes))
    return { differing: [], interface: proven, outcomes };
  const trapping = await buildTrapping(project, sources, build);
  const { seed } = project.loaded.config.verify;
  const strict = proveStrictly({
    ...compared,
    trapping,
    seed,
    ...(shrinks === undefined ? {} : { shrinks }),
  });
  return { ...strict, outcomes: [...outcomes, ...strict.differing] };
}

/** Whether one of them differs from the reference. */
export const differ = (outcomes: readonly WorkloadOutcome[]): boolean =>
  outcomes.some(({ result }) => result.mismatch !== undefined);
