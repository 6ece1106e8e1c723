/** What a policy promises of the memory it wastes between blocks: what a certificate rests on. */

/**
 * A free stretch that is large enough is found, whichever it is.
 *
 * No two free stretches lie beside each other when a request fails, but for `apart` of them.
 */
export interface FindsWhatFits {
  readonly kind: "finds";
  /** Bytes of block that a request takes, at least and at most: what is too small to be cut off stays with it. */
  readonly blockBytes: (request: number) => { readonly least: number; readonly most: number };
  /** A free stretch of at least so many bytes is found, where a block of that many is needed. */
  readonly foundFrom: (blockBytes: number) => number;
  /** Free stretches that may lie beside another free one: a wilderness that nothing is merged with. */
  readonly apart: number;
  /** The lowest stretch that fits serves, at its low end: Robson's theorem on first fit holds of it. */
  readonly isFirstFit: boolean;
}

/** Blocks of a power of two granules, at multiples of their size; the smallest free one that fits is halved. */
export interface Halves {
  readonly kind: "buddies";
  readonly blockBytes: (request: number) => number;
}

/** Blocks of fixed sizes, each in a place of its own. */
export interface Slots {
  readonly kind: "slots";
  /** By size. */
  readonly classes: readonly { readonly blockBytes: number; readonly count: number }[];
}

/** No size is enough for every sequence. */
export interface Unbounded {
  readonly kind: "unbounded";
  /** A sentence without a full stop. */
  readonly why: string;
}

export type Fragmentation = FindsWhatFits | Halves | Slots | Unbounded;
