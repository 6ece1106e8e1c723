/** What a config and a plan say of bitmapped fit (Wilson et al. 1995, section 3.7). */
import type { Plan } from "../../plan/plan.js";
import type { Bytes } from "../../units.js";

/** A bit a granule says what is in use, a second where blocks end. */
export interface BitmapConfig {
  readonly kind: "bitmap";
  /** A power of two times the alignment. */
  readonly granule: Bytes;
}

/** Two bits for each granule after the control data: used, and the last of a block. */
export interface BitmapNumbers {
  readonly kind: "bitmap";
  readonly granules: number;
  /** Of 32 bits, for each of the two bits. */
  readonly words: number;
}

export type BitmapPlan = Plan<BitmapNumbers>;
