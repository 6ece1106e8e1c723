/** Which slices of a sequence of operations a second engine replays. */
import { seededRandom, type Random } from "../../traces/random.js";

/** Of the slices that nothing else asks for. */
const drawnShare = 1 / 16;

/**
 * Each slice with an operation that goes a way none before it went, so that every way is witnessed once at least; and of
 * the others a drawn share.
 */
export class WitnessedSlices {
  readonly #seen = new Set<number>();
  readonly #random: Random;

  /** @param seed chooses those that are drawn */
  constructor(seed: number) {
    this.#random = seededRandom(seed, "witnessed operations");
  }

  /**
   * Whether the next slice is replayed: each is asked for once, in order.
   * @param paths of its operations, as `OperationPath` numbers them
   */
  takes(paths: Uint32Array): boolean {
    const isDrawn = this.#random.chance(drawnShare);
    const { size } = this.#seen;
    for (const path of paths) this.#seen.add(path);
    return isDrawn || this.#seen.size > size;
  }
}
