/** What the generated code of blocks keeps of a core, as words of one array: registers first, by their numbers. */
import type { Machine } from "../../machine/machine.js";

/** Indices behind the registers. */
export interface StateLayout {
  /** N and Z are those of this word. */
  readonly result: number;
  /** 0 or 1. */
  readonly carry: number;
  readonly overflow: number;
  /** 1 where the core has a reservation for an exclusive store. */
  readonly reservation: number;
  /** What `lanes` of the semantics is. */
  readonly lanes: number;
  /** 1 where somebody asked to end the run. */
  readonly stop: number;
  /** Of the first mask of interrupts; the others follow. */
  readonly masks: number;
  readonly length: number;
}

export function stateLayout({ registers, interrupts }: Machine): StateLayout {
  const { count } = registers;
  return {
    result: count,
    carry: count + 1,
    overflow: count + 2,
    reservation: count + 3,
    lanes: count + 4,
    stop: count + 5,
    masks: count + 6,
    length: count + 6 + interrupts.registers.length,
  };
}

/** N, Z, C and V in bits 3 to 0. */
export function flagsOf(state: Int32Array, { result, carry, overflow }: StateLayout): number {
  const [word = 0, c = 0, v = 0] = [state[result], state[carry], state[overflow]];
  return (word < 0 ? 8 : 0) | (word === 0 ? 4 : 0) | (c << 1) | v;
}

/** @param flags as `flagsOf` gives them: N and Z not both */
export function setFlags(state: Int32Array, { result, carry, overflow }: StateLayout, flags: number): void {
  state[result] = (flags & 8) !== 0 ? -1 : (flags & 4) !== 0 ? 0 : 1;
  state[carry] = (flags >>> 1) & 1;
  state[overflow] = flags & 1;
}
