/** The way an operation went through the code, as a number by which operations are told apart. */

/** Of the numbers that FNV-1a makes of its bytes; 0 is the way through no block at all. */
const factor = 0x01000193;

/**
 * The blocks that an operation executed, each with whether its last branch was taken, in the order in which they were first
 * passed. How often a loop goes round is not told apart but for never, once and more often: the way back is then new.
 */
export class OperationPath {
  /** For each way out of a block the operation that went it last. */
  readonly #passed: Int32Array;
  /** From 1: no two operations have the same, not even after memory was made fresh. */
  #operation = 1;
  #number = 0;

  /** @param blocks how many numbers of blocks there are */
  constructor(blocks: number) {
    this.#passed = new Int32Array(2 * blocks);
  }

  /** @param taken 1 or 0: whether control went elsewhere than to what follows the block */
  pass(block: number, taken: number): void {
    const way = 2 * block + taken;
    if (this.#passed[way] === this.#operation) return;
    this.#passed[way] = this.#operation;
    const mixed = Math.imul(this.#number ^ way, factor);
    this.#number = mixed ^ (mixed >>> 15);
  }

  /** The number of the operation that ends; another one begins. */
  end(): number {
    const number = this.#number;
    this.#number = 0;
    this.#operation += 1;
    return number >>> 0;
  }
}
