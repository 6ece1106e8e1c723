/** What no replay asks several heaps: sizes of blocks, and arrays whose size no number holds. */
import type { Caller } from "../../emulators/caller.js";
import { initAdapter } from "./build.js";
import type { MultiHeapPlan } from "./plan.js";
import { ReferenceMultiHeap, type Placed } from "./reference.js";

/** Sizes of the blocks that are asked for, of all capabilities. */
const sizes = [1, 2, 7, 8, 24, 25, 63, 100, 128, 200, 1, 40];

/** Factors whose product is 0, or 1 more than a word holds: as 32-bit numbers 0 and 1. */
const tooMany = [
  [0x10000, 0x10000],
  [0x8000_0001, 2],
  [0xffff_ffff, 0xffff_ffff],
] as const;

/**
 * The first result that is not the reference's, in a sentence; undefined: all are.
 * @param caller of the image that the operations were replayed on
 * @param addresses where the heaps begin, in the order in which they are tried
 */
export function callEach(
  multiHeap: MultiHeapPlan,
  caller: Caller,
  addresses: readonly number[],
): string | undefined {
  const { name, api } = multiHeap;
  const suffix = multiHeap.by === "size" ? "" : "_caps";
  /** What a call takes beside: the capabilities it asks for. */
  const asking = (wanted: number): readonly number[] => (multiHeap.by === "size" ? [] : [wanted]);
  const reference = new ReferenceMultiHeap(multiHeap);
  const addressOf = ({ heap, payload }: Placed): number => (addresses[heap] ?? 0) + payload;
  const differs = (called: string, words: readonly number[], expected: number): string | undefined => {
    const outcome = caller.call(`${name}_${called}`, words);
    const found = outcome.kind === "fault" ? outcome.fault.cause : String(outcome.result >>> 0);
    return found === String(expected)
      ? undefined
      : `${called}(${words.join(", ")}) returns ${expected} in the reference, ${found} on the core`;
  };
  // Whether a heap is an array, lies between symbols or is added, it is empty then.
  caller.call(initAdapter);
  for (const [index, size] of sizes.entries()) {
    const { capabilities: wanted } = multiHeap.heaps[index % multiHeap.heaps.length] ?? { capabilities: 0 };
    const outcome = reference.malloc(size, wanted);
    if (outcome.kind !== "served") continue;
    const address = addressOf(outcome.placed);
    const wrong =
      differs(`malloc${suffix}`, [size, ...asking(wanted)], address) ??
      (api.usableSize ? differs("usable_size", [address], reference.usableSize(outcome.placed)) : undefined);
    if (wrong !== undefined) return wrong;
  }
  if (api.usableSize) {
    const wrong = differs("usable_size", [0], 0);
    if (wrong !== undefined) return wrong;
  }
  const arrays = api.calloc ? tooMany : [];
  return arrays
    .map((factors) => differs(`calloc${suffix}`, [...factors, ...asking(0)], 0))
    .find((wrong) => wrong !== undefined);
}
