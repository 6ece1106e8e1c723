/** What a misuse is, and what those that draw them share. */
import type { Block } from "../../reference/block.js";
import type { Random } from "../../traces/random.js";
import type { ProbedHeap } from "../probes/probed-heap.js";
import type { Program } from "./program.js";

export interface Misuse {
  /** For people. */
  readonly what: string;
  commit(program: Program): void;
}

export const any = <T>(list: readonly T[], random: Random): T | undefined =>
  list[random.below(Math.max(1, list.length))];

export const payloadOf = ({ plan }: ProbedHeap, { start }: Block): number => start + plan.header.bytes;
