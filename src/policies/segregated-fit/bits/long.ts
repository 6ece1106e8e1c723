/** Which blocks are long: those whose end a window of bits does not reach. */

/**
 * Granules of the least long block. A window is a word of bits that begins in any of the eight places of a byte, so 25
 * places of it are sure to be there: the one in front of a block, those of up to 23 granules, and the one behind.
 */
export const longGranules = 24;

/** A long block's first four bits, in front of its size. */
export const codeStart = 4;

/** What is left for the size between them and the bit of the last granule. */
export const mostSizeBits = longGranules - 1 - codeStart;
