/** What an exploration of code is told. */
import type { Code } from "../machine/code.js";
import type { Pricing } from "./pricing.js";

export interface Exploration {
  readonly code: Code;
  readonly pricing: Pricing;
  /**
   * Bytes that never change, as a little-endian number: literal pools and tables. Undefined: no such memory.
   */
  constantAt(address: number, bytes: number): number | undefined;
  /** What a number in memory that changes never exceeds. Undefined: nothing is known. */
  limitAt?(address: number, bytes: number): number | undefined;
  /**
   * "all" is exact where loops end by what is known; "constants" forgets at each block all but the values that are one
   * number, so that every loop that depends on memory comes back to where it was.
   */
  readonly keep: "all" | "constants";
  /** Whether a path that comes to an address counts no further: only damage leads there. */
  isCold?(at: number): boolean;
  /** Whether an address lies in a loop whose rounds are limited otherwise. */
  isLimited?(at: number): boolean;
  /** Nodes above which the exploration gives up. */
  readonly most?: number;
}
