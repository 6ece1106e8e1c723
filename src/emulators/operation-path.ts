/** The way an operation went through the code, as a number by which operations are told apart. */

/**
 * The blocks that an operation executed, each with the ways that it left them: on to what follows, or elsewhere. How often it
 * did, and in which order, is not told apart, so that a walk along a list has as few paths as its loop has ways through.
 */
export class OperationPath {
  /** For each way out of a block the operation that went it last. */
  readonly #passed: Int32Array;
  /** From 1 on: no two operations have the same, not even after memory was made fresh. */
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
    this.#number = (this.#number + mixed(way)) | 0;
  }

  /** The number of the operation that ends; another one begins. Equal paths have equal numbers, others different ones but for 1 in 2^32. */
  end(): number {
    const number = this.#number;
    this.#number = 0;
    this.#operation += 1;
    return number >>> 0;
  }
}

/** The end of MurmurHash3, after Appleby: sums of its values tell sets apart. */
function mixed(way: number): number {
  const once = Math.imul((way + 1) ^ ((way + 1) >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
