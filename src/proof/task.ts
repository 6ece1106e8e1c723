/** What is proven of a build's code alone, as data that another thread can take. */
import type { SourceFunctions } from "../csource/source-lines.js";
import { coreModel } from "../targets/core-model.js";
import type { Target } from "../targets/target.js";
import type { Image } from "../toolchain/image.js";
import type { Pricing } from "./pricing.js";
import { proveBounds, proveOthers, type BoundsRequest, type ByEntry, type FunctionBounds } from "./bounds.js";

export interface ProofTask extends Pick<BoundsRequest, "loopLimits"> {
  readonly image: Image;
  /** With the functions that no operation calls. */
  readonly whole: Image;
  /** Where those begin, by what `loopLimits` calls them. */
  readonly others: Readonly<Record<string, number>>;
  readonly target: Target;
  /** The generated .c. */
  readonly source: SourceFunctions;
  readonly wordLimits: NonNullable<BoundsRequest["wordLimits"]>;
}

/** Bounds with one cycle model. */
export interface ModelBounds {
  readonly proven: ByEntry<FunctionBounds>;
  /** Of functions that no operation calls, by their names without the heap's. */
  readonly uncalled: Readonly<Record<string, FunctionBounds>>;
}

export interface ProvenBounds extends ModelBounds {
  /** With branches as predicted, as in what was observed; undefined where that is how the bounds are. */
  readonly branchesPredicted?: ModelBounds;
  /** With the rules that nothing published decides at one end; undefined where all are decided. */
  readonly range?: { readonly cheapest: ModelBounds; readonly dearest: ModelBounds };
}

export function proveTask(task: ProofTask): ProvenBounds {
  const model = coreModel(task.target);
  const { worst, range } = model;
  return {
    ...proveWith(task, worst ?? model),
    ...(worst === undefined ? {} : { branchesPredicted: proveWith(task, model) }),
    ...(range === undefined
      ? {}
      : {
          range: {
            cheapest: proveWith(task, range.cheapest),
            dearest: proveWith(task, range.dearest),
          },
        }),
  };
}

function proveWith({ image, whole, others, ...facts }: ProofTask, pricing: Pricing): ModelBounds {
  return {
    proven: proveBounds({ ...facts, pricing, image }),
    uncalled: proveOthers({ ...facts, pricing, image: whole }, others),
  };
}
