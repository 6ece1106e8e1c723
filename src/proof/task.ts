/** What is proven of a build's code alone, as data that another thread can take. */
import type { SourceFunctions } from "../csource/source-lines.js";
import { coreModel } from "../targets/core-model.js";
import type { Target } from "../targets/target.js";
import type { Image } from "../toolchain/image.js";
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

export interface ProvenBounds {
  readonly proven: ByEntry<FunctionBounds>;
  /** Of functions that no operation calls, by their names without the heap's. */
  readonly uncalled: Readonly<Record<string, FunctionBounds>>;
}

export function proveTask({ image, whole, others, target, ...facts }: ProofTask): ProvenBounds {
  const pricing = coreModel(target);
  return {
    proven: proveBounds({ ...facts, pricing, image }),
    uncalled: proveOthers({ ...facts, pricing, image: whole }, others),
  };
}
