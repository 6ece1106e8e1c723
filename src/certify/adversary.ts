/**
 * Programs that keep within the limits and fragment the heap as well as they can, after Robson (1971, 1974): all memory is
 * filled with blocks of one size, then freed but for so few that no gap between them holds a block of the next size. It looks
 * at the addresses it is given, so each heap gets a program of its own.
 */
import type { TraceOperation } from "../traces/operation.js";
import type { Demand } from "./demand.js";

/** The heap it plays against. */
export interface Opponent {
  /** @returns the block's first byte and its bytes; undefined: NULL */
  malloc(request: number): { readonly start: number; readonly bytes: number } | undefined;
  free(start: number): void;
}

/** A size of its blocks: the least request that gets such a block. */
export interface Step {
  readonly request: number;
  readonly bytes: number;
}

export interface Game {
  readonly operations: readonly TraceOperation[];
  /** A request got NULL that was within the limits: the last operation. */
  readonly isWon: boolean;
}

interface Live {
  readonly id: number;
  readonly start: number;
  readonly bytes: number;
  readonly request: number;
}

/** Which blocks stay, so that no gap holds a block of `next` bytes. */
export type Keep = (live: readonly Live[], next: number) => readonly Live[];

export function play(opponent: Opponent, demand: Demand, steps: readonly Step[], keep: Keep): Game {
  const operations: TraceOperation[] = [];
  let live: readonly Live[] = [];
  for (const [index, { request, bytes }] of steps.entries()) {
    if (index > 0) {
      const kept = new Set(
        keep(
          live.toSorted((left, right) => left.start - right.start),
          bytes,
        ),
      );
      for (const { id, start } of live.filter((each) => !kept.has(each))) {
        operations.push({ kind: "free", id });
        opponent.free(start);
      }
      live = [...kept];
    }
    const asked: Live[] = [];
    let used = live.reduce((sum, each) => sum + each.request, 0);
    while (used + request <= demand.liveBytes && live.length + asked.length < demand.blocks) {
      const id = operations.length;
      operations.push({ kind: "malloc", id, size: request });
      const block = opponent.malloc(request);
      if (block === undefined) return { operations, isWon: true };
      asked.push({ id, request, ...block });
      used += request;
    }
    live = [...live, ...asked];
  }
  return { operations, isWon: false };
}

/** As few as there can be: of each stretch the last block that leaves no gap of `next` bytes in front of it. */
export const keepFewest: Keep = (live, next) => {
  const kept: Live[] = [];
  let end = 0;
  for (const [index, block] of live.entries()) {
    const behind = live[index + 1];
    // The block behind would leave too large a gap without this one.
    if (behind !== undefined && behind.start - end < next) continue;
    kept.push(block);
    end = block.start + block.bytes;
  }
  return kept;
};

/** Robson's choice: those that hold a byte at one place of every `next` bytes, at the one of two places that loses more. */
export function keepAtPlaces(): Keep {
  let place = 0;
  return (live, next) => {
    const holds = ({ start, bytes }: Live, at: number): boolean =>
      Math.ceil((start - at) / next) * next + at < start + bytes;
    const worth = (at: number): number =>
      live.reduce((sum, block) => sum + (holds(block, at) ? next - block.bytes : 0), 0);
    const other = place + next / 2;
    if (worth(other) > worth(place)) place = other;
    return live.filter((block) => holds(block, place));
  };
}

/** Ways through the sizes: doublings, as Robson takes them, steps beside those, and from the least to the largest at once. */
export function ladders(sizes: readonly Step[]): readonly (readonly Step[])[] {
  const [least, largest] = [sizes[0], sizes.at(-1)];
  if (least === undefined || largest === undefined) return [];
  const rising = (next: (bytes: number) => number): readonly Step[] => {
    const steps: Step[] = [least];
    for (const size of sizes) if (size.bytes >= next(steps.at(-1)?.bytes ?? 0)) steps.push(size);
    return steps.at(-1) === largest ? steps : [...steps, largest];
  };
  return [...[1.5, 2, 4].map((factor) => rising((bytes) => factor * bytes)), [least, largest]];
}
