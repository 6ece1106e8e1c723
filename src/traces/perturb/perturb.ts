/**
 * Perturbed copies of a trace: what the same program might have done on another day. A single trace promises a heap that its
 * next run does not keep; many copies show how much of its least heap was chance.
 */
import type { Trace, TraceOperation } from "../operation.js";
import { seededRandom, type Random } from "../random.js";
import { blocksOf, type Blocks } from "./blocks.js";
import { shuffleTransactions } from "./transactions.js";

/** Share of small blocks that are left out or doubled: as many of either. */
const changedShare = 0.02;
/** Bytes of the largest small block. */
const smallBytes = 128;
/** Share of neighbouring operations that change places. */
const swappedShare = 0.1;

/**
 * A sound trace again, with the sizes and kinds of this one: small blocks are left out or doubled, whole transactions
 * change places, and neighbouring operations on different blocks do.
 *
 * @param trace sound, as `parseTrace` makes sure
 * @param seed 0 to 2^32 - 1: the same gives the same copy on every machine
 */
export function perturbed(trace: Trace, seed: number): Trace {
  const random = seededRandom(seed, "perturb");
  const changed = changeBlocks(blocksOf(trace), random);
  const operations = swapNeighbours(shuffleTransactions(changed, random), random);
  return { name: trace.name, header: new Map([["perturbed", `seed ${seed}`]]), operations };
}

/** As many copies as are asked for, of seeds one after another. */
export function perturbedCopies(trace: Trace, count: number, firstSeed: number): readonly Trace[] {
  return Array.from({ length: count }, (_, index) => perturbed(trace, (firstSeed + index) >>> 0));
}

function changeBlocks({ operations, largest }: Blocks, random: Random): readonly TraceOperation[] {
  let next = largest.length;
  /** Of a block that is left out, nothing; of one that is doubled, the number of the other. */
  const change = largest.map((bytes): "kept" | "dropped" | number => {
    if (bytes > smallBytes || !random.chance(changedShare)) return "kept";
    return random.chance(0.5) ? "dropped" : next++;
  });
  return operations.flatMap((operation) => {
    const what = change[operation.id] ?? "kept";
    switch (what) {
      case "kept":
        return [operation];
      case "dropped":
        return [];
      default:
        return [operation, { ...operation, id: what }];
    }
  });
}

/** Each operation changes places at most once. */
function swapNeighbours(operations: readonly TraceOperation[], random: Random): readonly TraceOperation[] {
  const swapped = [...operations];
  for (let index = 0; index + 1 < swapped.length; index++) {
    const [first, second] = [swapped[index], swapped[index + 1]];
    if (first === undefined || second === undefined || first.id === second.id) continue;
    if (!random.chance(swappedShare)) continue;
    [swapped[index], swapped[index + 1]] = [second, first];
    index++;
  }
  return swapped;
}
