/** What is proven of the functions over several heaps, from the linked code: those of the heaps that they call are in it. */
import { placedFunctions, type SourceFunctions } from "../../csource/source-lines.js";
import type { Limits } from "../../plan/policy-rules.js";
import { loopLimitsOf } from "../../plan/loop-limits.js";
import { proveBounds, type ByEntry, type FunctionBounds, type WordLimit } from "../../proof/bounds.js";
import { coreModel } from "../../targets/core-model.js";
import type { Target } from "../../targets/target.js";
import type { Image } from "../../toolchain/image.js";
import type { GeneratedFile } from "../c/emit.js";
import type { MultiHeapPlan } from "./plan.js";

export interface FrontImage {
  readonly image: Image;
  /** Where the heaps begin, in the order in which they are tried. */
  readonly heapAddresses: readonly number[];
}

/**
 * @param files all C: the heaps' and the front's
 * @param predicted whether branches are as predicted, as in what an emulator measures
 */
export function proveFront(
  multiHeap: MultiHeapPlan,
  { image, heapAddresses }: FrontImage,
  files: readonly GeneratedFile[],
  target: Target,
  predicted = false,
): ByEntry<FunctionBounds> {
  const model = coreModel(target);
  return proveBounds({
    image,
    pricing: predicted ? model : (model.worst ?? model),
    source: files.filter(({ name }) => name.endsWith(".c")).map(functionsOf),
    loopLimits: limitsOf(multiHeap),
    wordLimits: multiHeap.heaps.flatMap(({ plan }, index) =>
      plan.rules.wordLimits(plan).map((limit): WordLimit => {
        const start = (heapAddresses[index] ?? 0) - image.heapAddress;
        return { ...limit, offset: start + limit.offset };
      }),
    ),
  });
}

const functionsOf = ({ name, text, functions }: GeneratedFile): SourceFunctions => ({
  name,
  functions: functions ?? placedFunctions(text),
});

/** A call may try every heap, and is done by one. A block that moves is copied by the front. */
function limitsOf({ heaps }: MultiHeapPlan): Readonly<Record<string, Limits>> {
  const each = heaps.map(({ plan }) => loopLimitsOf(plan));
  const words = Math.max(...heaps.map(({ plan }) => Math.ceil(plan.heapBytes / 4)));
  const sum = (names: readonly string[], more: Limits = {}): Limits => {
    const limits: Record<string, number> = { ...more };
    for (const [budget, most] of each.flatMap((all) =>
      names.flatMap((name) => Object.entries(all[name] ?? {})),
    ))
      limits[budget] = (limits[budget] ?? 0) + most;
    return limits;
  };
  return {
    init: sum(["init"]),
    malloc: sum(["malloc"]),
    free: sum(["free"]),
    calloc: sum(["calloc"]),
    alignedAlloc: sum(["alignedAlloc"]),
    realloc: sum(["realloc", "malloc", "free"], { word: words, "byte of the last word": 3 }),
  };
}
